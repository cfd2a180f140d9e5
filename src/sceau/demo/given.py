"""Files that the caller may read, given to a process that may not: read here, held in memory, and opened through a descriptor.

A link with the file's own name leads there (memfd_create(2), proc(5)), so that nothing of their content is written to a disk.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from sceau.demo import programs, tied


@contextlib.contextmanager
def readable(files: Sequence[Path], *, by: tied.Account | None) -> Iterator[tuple[list[str], list[int]]]:
    """Paths under which `by` (None: the caller) reads these files, and the descriptors that its process must inherit."""
    if by is None:
        yield [str(file) for file in files], []
        return
    with tempfile.TemporaryDirectory(prefix="sceau-given-") as name, contextlib.ExitStack() as held:
        Path(name).chmod(0o711)
        kept = [_kept(file, held) if _shut(file, by) else None for file in files]
        names = [
            str(_link(file, fd, Path(name) / str(nth)) if fd else file)
            for nth, (file, fd) in enumerate(zip(files, kept, strict=True))
        ]
        yield names, [fd for fd in kept if fd]


def _shut(file: Path, account: tied.Account) -> bool:
    """Whether a file that is there is out of the account's reach, by permission bits alone."""
    if not file.is_file():
        return False
    way = programs.barrier(file.absolute().parent, account) or programs.barrier(file.resolve().parent, account)
    return way is not None or not file.stat().st_mode & 0o004


def _kept(file: Path, held: contextlib.ExitStack) -> int:
    descriptor = os.memfd_create(file.name)
    held.callback(os.close, descriptor)
    with open(descriptor, "wb", closefd=False) as memory:
        memory.write(file.read_bytes())
    return descriptor


def _link(file: Path, descriptor: int, folder: Path) -> Path:
    folder.mkdir(mode=0o711)
    link = folder / file.name
    link.symlink_to(f"/proc/self/fd/{descriptor}")
    return link
