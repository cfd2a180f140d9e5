"""A connection to a keyholder's socket as one of the demo's processes makes it: the kernel tells the keyholder that one's user.

For drills and tests, which play that process. The connection is made by a short-lived process of that user, and handed over.
"""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from sceau.core.keyholder.client import Client
from sceau.demo import tied
from sceau.demo.stage import Stage

_CONNECT = """
import socket, sys
with socket.socket(socket.AF_UNIX) as made, socket.socket(fileno=int(sys.argv[2])) as back:
    made.connect(sys.argv[1])
    socket.send_fds(back, [b"."], [made.fileno()])
"""


def speaking(stage: Stage, service: str, role: str, *, at: str = "") -> Client:
    """A client as that process of the service is one, at its own socket unless told otherwise."""
    account = stage.accounts.of(service, role)
    place = stage.sockets(service) / f"{at or role}.sock"
    return Client(place, connect=lambda path: _connected(path, account)) if account else Client(place)


def _connected(path: Path, account: tied.Account) -> socket.socket:
    mine, theirs = socket.socketpair()
    with mine, theirs:
        argv = [sys.executable, "-I", "-S", "-c", _CONNECT, str(path), str(theirs.fileno())]
        tied_argv = tied.command(argv, account=account, at_death=signal.SIGTERM)
        done = subprocess.run(tied_argv, pass_fds=[theirs.fileno()], stderr=subprocess.DEVNULL, check=False)  # noqa: S603
        if done.returncode:
            raise ConnectionRefusedError(path)
        _, [descriptor], _, _ = socket.recv_fds(mine, 1, 1)
    return socket.socket(fileno=descriptor)
