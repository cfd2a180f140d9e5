"""The files that the tests about the code read."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MADE = {"__pycache__", "node_modules"}
_TEXT = {".py", ".html", ".js", ".css", ".sh", ".md", ".toml", ".txt", ".po", ".json", ".csv"}


def texts(*folders: str, only: frozenset[str] = frozenset(_TEXT)) -> Iterator[tuple[str, str]]:
    """Each text file of these folders, by its path in the repository."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in only and path.is_file() and not _MADE & set(path.parts):
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
