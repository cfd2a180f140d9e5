"""What becomes of files of samples at the plain doors, each sent to the door of its form, as real processes.

    python benchmarks/samples.py FILE …

Prints a line a file: status, rows, taken, refused by kind of problem, and the outcomes once the registry has settled them. An HL7 v2
file is sent a second time by MLLP, where every message that was taken must be taken again, as a duplicate.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.running import passable_folder, running_stage

from sceau.demo.laboratory import Laboratory
from sceau.demo.sending import door
from sceau.demo.stage import FINESS, Stage


def sent(stage: Stage, laboratory: Laboratory, file: Path) -> Iterator[dict[str, Any]]:
    """What is told of one file, by each way it goes."""
    path, answer = door(file)[0], laboratory.post_file(file)
    yield {"file": file.name, "door": path, "status": answer.status} | _settled(stage, laboratory, answer.headers)
    if path == "/hl7v2":
        told = laboratory.exchange(file.read_bytes())
        yield {"file": file.name, "door": "MLLP"} | {code: told.count(f"MSA|{code}|".encode()) for code in ("AA", "AE", "AR")}


def _settled(stage: Stage, laboratory: Laboratory, headers: Any) -> dict[str, Any]:
    """What became of the submission, once nothing waits; of a file that could not be read there is none."""
    address = headers.get("Content-Location")
    if not address:
        return {"unreadable": True}
    address = urlsplit(address).path
    stage.supervisor.wait_for(lambda: laboratory.get(address)["state"] != "waiting", what="the intake", deadline=120)
    told = laboratory.get(address)
    return {name: told[name] for name in ("rows", "counts", "reasons")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="+", type=Path)
    files = parser.parse_args().file
    with passable_folder() as folder, running_stage() as (stage, _):
        laboratory = Laboratory(stage, folder, finess=FINESS)
        laboratory.start_mllp()
        for told in (told for file in files for told in sent(stage, laboratory, file)):
            print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
