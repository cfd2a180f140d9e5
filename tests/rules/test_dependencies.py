"""Each dependency has its reason beside it, and the lock pins every package by hash."""

import re
import tomllib

import pytest
from tests.rules.files import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
DECLARED = tomllib.loads(PROJECT)
REQUIREMENTS = [*DECLARED["project"]["dependencies"], *DECLARED["dependency-groups"]["dev"]]
PINNED = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._-]*)==[^\s;]+(?: ;[^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n", re.IGNORECASE
)
LOCKS = {"base": DECLARED["project"]["dependencies"], "dev": REQUIREMENTS}


def reason(requirement: str) -> str:
    """What stands beside a dependency on its line."""
    [line] = [line for line in PROJECT.splitlines() if line.strip().startswith(f'"{requirement}"')]
    return line.partition("#")[2].strip()


def names(lock: str) -> set[str]:
    return {found["name"].lower() for found in PINNED.finditer(lock)}


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_each_dependency_has_its_reason(requirement: str) -> None:
    assert " " in reason(requirement)


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_pinned_packages_with_their_hashes_and_nothing_else(name: str) -> None:
    assert PINNED.sub("", lock(name)) == ""


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_every_dependency(name: str) -> None:
    wanted = {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in LOCKS[name]}
    assert wanted - names(lock(name)) == set()


def test_a_package_without_hash_would_be_found() -> None:
    assert PINNED.sub("", "django==5.2.1\n") != ""
    assert PINNED.sub("", "django==5.2.1 \\\n    --hash=sha256:" + "0" * 64 + "\n") == ""
