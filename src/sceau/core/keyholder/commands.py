"""`sceau keyholder …`: the process that holds a service's keys."""

import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sceau.core import logs
from sceau.core.keyholder import escrow as shares
from sceau.core.keyholder import unlock
from sceau.core.keyholder.client import Client
from sceau.core.keyholder.errors import KeyholderError
from sceau.core.keyholder.hardened import harden
from sceau.core.keyholder.journal import Tampered
from sceau.core.keyholder.run import Setting, answering
from sceau.core.keyholder.server import serving
from sceau.core.keyholder.service_verbs import Health, Told
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.unlock import Unlock, UnsafeFileKeys
from sceau.core.keyholder.verbs import QUESTIONS
from sceau.core.terminal import fail, say

keyholder = typer.Typer(no_args_is_help=True, help="The only process that holds a service's keys.")

State = Annotated[Path, typer.Option(help="The keyholder's own folder, which only its user may read.")]
UnsafeFile = Annotated[Path | None, typer.Option("--unsafe-unlock-file", help="A key in a file: for demos and trials.")]
Descriptor = Annotated[int | None, typer.Option("--unlock-fd", help="An open file descriptor to read the key from.")]


@keyholder.command()
def init(state: State, unsafe_file: UnsafeFile = None, descriptor: Descriptor = None) -> None:
    """Makes an empty store; asks twice for a passphrase unless a key is given."""
    try:
        Store.create(state, _unlock(state, unsafe_file, descriptor, twice=True).key)
    except FileExistsError:
        fail(f"{state} holds a store already; nothing was changed")


@keyholder.command()
def serve(
    service: Annotated[str, typer.Option(help="counter or registry")],
    state: State,
    sockets: Annotated[Path, typer.Option(help="Folder of the sockets, one a process of the service.")],
    regime: Annotated[str, typer.Option(help="law or demo")] = "law",
    origin: Annotated[
        str, typer.Option(help="The site's address, as passkeys and signing software know it.")
    ] = "http://localhost",
    bench: Annotated[bool, typer.Option(help="Of a sandbox: what the registry shows it is approved without a touch.")] = False,
    allow: Annotated[list[str] | None, typer.Option(help="PRINCIPAL=UID: who may connect; by default, this user alone.")] = None,
    unsafe_file: UnsafeFile = None,
    descriptor: Descriptor = None,
) -> None:
    """Answers on its sockets until it is told to end."""
    harden()
    logs.to_stderr()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    setting = Setting(service, regime, origin, origin.partition("://")[2].partition(":")[0], bench)
    try:
        key = _unlock(state, unsafe_file, descriptor)
        with (
            answering(state, key, setting, lambda: datetime.now(UTC)) as handlers,
            serving(service, sockets, handlers, _allowed(service, allow or [])),
        ):
            ended.wait()
    except FileNotFoundError:
        fail(f"{state} holds no store: `sceau keyholder init` makes one")
    except KeyholderError:
        fail("the store does not open with this key")
    except Tampered as error:
        fail(f"the keyholder's journal was changed: {error}. Nothing is answered until you have looked into it")


@keyholder.command()
def status(socket: Annotated[Path, typer.Argument(help="One of the keyholder's sockets.")]) -> None:
    """How a running keyholder fares, as JSON."""
    try:
        told: Told = Client(socket).ask(Health())
    except KeyholderError as error:
        fail(f"no answer at {socket}: {error.refusal}")
    fields = {"service": told.service, "journal": told.journal_entries, "head": told.journal_head.hex()}
    more = {"unsafe": told.unsafe, "live_days": told.live_days, "now": told.now.isoformat()}
    say(**fields, **more)


@keyholder.command()
def rotate(state: State, unsafe_file: UnsafeFile = None, descriptor: Descriptor = None) -> None:
    """Gives the store another passphrase; what it holds stays as it is."""
    store = _store(state, _unlock(state, unsafe_file, descriptor))
    store.rewrap(unlock.from_passphrase(typer.prompt("new passphrase", hide_input=True, confirmation_prompt=True), state).key)


@keyholder.command()
def escrow(
    state: State,
    threshold: Annotated[int, typer.Option(help="How many shares open it again.")] = 3,
    of: Annotated[int, typer.Option(help="How many shares there are.")] = 5,
    unsafe_file: UnsafeFile = None,
    descriptor: Descriptor = None,
) -> None:
    """Prints shares of the store's master key, one a line, once: each for another holder."""
    for share in shares.split(_store(state, _unlock(state, unsafe_file, descriptor)).master, threshold=threshold, of=of):
        typer.echo(share)


@keyholder.command()
def recover(state: State) -> None:
    """Opens a store whose passphrase is lost with enough shares, read from standard input, and gives it a new passphrase."""
    try:
        master = shares.join([line.strip() for line in sys.stdin if line.strip()])
        store = Store.recovered(state, master)
    except (shares.BadShares, KeyholderError) as error:
        fail(f"these shares do not open the store: {error}")
    store.rewrap(unlock.from_passphrase(_typed("new passphrase"), state).key)


def _unlock(state: Path, unsafe_file: Path | None, descriptor: int | None, *, twice: bool = False) -> Unlock:
    try:
        if unsafe_file:
            return UnsafeFileKeys(unsafe_file).unlock()
        if descriptor is not None:
            return unlock.from_descriptor(descriptor)
        asked = unlock.from_systemd()
    except KeyholderError as error:
        fail(f"this is not a key: {error.detail}")
    return asked or unlock.from_passphrase(typer.prompt("passphrase", hide_input=True, confirmation_prompt=twice), state)


def _typed(what: str) -> str:
    """From the terminal, while standard input brings the shares."""
    with Path("/dev/tty").open() as terminal:
        typer.echo(f"{what}: ", nl=False, err=True)
        return terminal.readline().rstrip("\n")


def _store(state: Path, key: Unlock) -> Store:
    try:
        return Store(state, key.key)
    except (KeyholderError, FileNotFoundError):
        fail("the store does not open with this key")


def _allowed(service: str, told: list[str]) -> dict[str, set[int]]:
    allowed: dict[str, set[int]] = {}
    for one in told:
        principal, _, user = one.partition("=")
        if principal not in QUESTIONS.get(service, {}) or not user.isdigit():
            fail(f"--allow {one}: give one of {', '.join(QUESTIONS[service])}, `=`, and a user's number")
        allowed.setdefault(principal, set()).add(int(user))
    return allowed
