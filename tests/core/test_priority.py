"""What was received is worked on behind those who wait for an answer."""

import os
import subprocess
import sys
from pathlib import Path

from sceau.core.priority import BEHIND

_TELL = (
    "import os, pathlib, sys; from sceau.core.priority import step_back; step_back(pathlib.Path(sys.argv[1])); print(os.nice(0))"
)

_BEHIND = min(19, os.nice(0) + BEHIND)


def _nice(group: Path, *, own_session: bool) -> int:
    argv = [sys.executable, "-c", _TELL, str(group)]
    ran = subprocess.run(argv, capture_output=True, text=True, check=True, start_new_session=own_session)
    return int(ran.stdout)


def test_a_process_steps_back_with_the_session_that_is_its_own(tmp_path: Path) -> None:
    assert _nice(tmp_path / "group", own_session=True) == _BEHIND
    assert (tmp_path / "group").read_text() == f"{BEHIND}\n"


def test_a_session_that_it_shares_stays_where_it_is(tmp_path: Path) -> None:
    assert _nice(tmp_path / "group", own_session=False) == _BEHIND
    assert not (tmp_path / "group").exists()


def test_where_sessions_are_not_told_apart_its_own_place_is_enough(tmp_path: Path) -> None:
    assert _nice(tmp_path / "missing" / "group", own_session=True) == _BEHIND
