"""`sceau demo --once`: the main job with nothing set up, as anybody runs it first."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

from tests.wire.rows import rows, text
from tests.wire.wire import COMMAND

OUTCOMES = {"recorded", "duplicate", "amended", "cancelled", "refused"}


def demo(*files: Path) -> "subprocess.CompletedProcess[str]":
    argv = [*COMMAND, "demo", "--once", "--json", *map(str, files)]
    return subprocess.run(argv, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False)


def test_the_bundled_sample_is_answered_row_by_row() -> None:
    done = demo()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == {"rows", "counts", "remarks"}
    assert {"file", "row", "outcome", "reasons"} <= set(told["rows"][0])
    assert [row["row"] for row in told["rows"]] == list(range(1, len(told["rows"]) + 1))
    assert {row["outcome"] for row in told["rows"]} <= OUTCOMES
    assert told["counts"] == Counter(row["outcome"] for row in told["rows"])
    assert all(row["reasons"] for row in told["rows"] if row["outcome"] == "refused")


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_done(tmp_path: Path) -> None:
    good, empty, other = (tmp_path / name for name in ("good.csv", "empty.csv", "other.csv"))
    good.write_text(text(rows(2, series="good")), encoding="utf-8")
    empty.touch()
    other.write_text(text(rows(1, series="other")), encoding="utf-8")
    done = demo(good, empty, tmp_path / "missing.csv", other)
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    told = json.loads(done.stdout)
    fared = [(row["file"], row["outcome"]) for row in told["rows"]]
    assert fared == [
        ("good.csv", "recorded"),
        ("good.csv", "recorded"),
        ("empty.csv", "unreadable"),
        ("missing.csv", "unreadable"),
        ("other.csv", "recorded"),
    ]
    assert all(row["reasons"] for row in told["rows"] if row["outcome"] == "unreadable")
