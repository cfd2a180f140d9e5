"""Who can do what at a demo that is up: the people with their sign-ins, the bench, and a laboratory that has sent something already."""

import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

from rich.console import Console

from sceau.core.accounts.seed import SignIn
from sceau.demo.accounts import SANDBOX
from sceau.demo.authority import Authority, appointed
from sceau.demo.laboratory import FARID, Laboratory
from sceau.demo.processes import port_or_another
from sceau.demo.stage import Stage

MLLP = 2575
_FINESS = "759900772"
_GAELLE = ("Gaëlle Logiciels", "gaelle@logiciels.example")
_SENT = [Path(str(resources.files("sceau.demo.samples") / f"laboratoire.{end}")) for end in ("json", "hl7", "csv")]


def welcome(stage: Stage) -> Authority:
    """Brings everybody, says who they are, and gives the authority that the demo plays."""
    authority, console = Authority(stage), Console()
    with console.status("inviting the laboratory, a publisher, an agent and the authority…"), ThreadPoolExecutor() as pool:
        founded = pool.submit(authority.come)
        everybody = {who: pool.submit(come, stage) for who, come in _PEOPLE.items()}
        everybody[_PUBLISHER].result()
        laboratory = pool.submit(_laboratory, stage)
    founded.result()
    for (service, whom, note), coming in everybody.items():
        _show(console, stage, service, whom, coming.result(), note)
    _show_laboratory(console, laboratory.result())
    console.print("\nCtrl-C ends everything and leaves nothing behind.")
    sys.stdout.flush()
    return authority


def _amina(stage: Stage) -> SignIn:
    return SignIn(**stage.tell("counter", "counter", "user", "amina@lilas.example", "Amina", role="owner"))


def _farid(stage: Stage) -> SignIn:
    return appointed(stage, "farid@authority.example", "Farid", role="authority", title=FARID)


def _gaelle(stage: Stage) -> SignIn:
    firm, email = _GAELLE
    return SignIn(**stage.tell("registry", "registry", "publisher", email, "Gaëlle", "--firm", firm, role="owner"))


def _driss(stage: Stage) -> SignIn:
    return appointed(stage, "driss@agence.example", "Driss", role="agent", departments="75 93")


def _odile(stage: Stage) -> SignIn:
    who = ("odile@registry.example", "Odile", "--operator")
    return SignIn(**stage.tell("registry", "registry", "user", *who, role="owner"))


_PUBLISHER = (
    "registry",
    "Gaëlle, a publisher",
    "{registry}/products/ describes software, tells what the laboratory sent; the bench is {sandbox}",
)
_PEOPLE = {
    ("counter", "Amina, pharmacist", ""): _amina,
    ("counter", "Bruno, who owns the pharmacy", ""): lambda stage: stage.owner,
    (
        "registry",
        "Farid, the authority",
        "{registry}/approvals/ decides on software; after a passkey, {registry}/agents/",
    ): _farid,
    _PUBLISHER: _gaelle,
    ("registry", "Driss, tracing agent", "{registry}/accounts/agent/ takes a passkey, then {registry}/cases/"): _driss,
    ("registry", "Odile, who runs the registry", "{registry}/operations/ says who sends, and what waits"): _odile,
}
_PASSKEY = """
[bold]A passkey[/bold] that Driss or Farid brings is enrolled within seconds by Farah and Félix, of the authority, whom the demo plays.
  Without a phone or a key: Chromium, developer tools, "WebAuthn", enable a virtual authenticator (ctap2, internal, with
  resident keys and user verification); it lasts as long as the tools are open."""


def _show(console: Console, stage: Stage, service: str, whom: str, sign_in: SignIn, note: str) -> None:
    console.print(f"\n[bold]{service}[/bold]  {stage.url(service)}  {whom}")
    console.print(f"  sign in   {sign_in.email}  {sign_in.password}", highlight=False)
    console.print(f"  one-time code   .venv/bin/sceau totp {sign_in.totp_secret}", highlight=False)
    if note:
        told = {each: stage.url(each) for each in ("registry", SANDBOX)}
        console.print(f"  {note.format(**told)}", highlight=False, soft_wrap=True)


def _laboratory(stage: Stage) -> tuple[Laboratory, list[str]]:
    """With its MLLP door, and what each of its first files was answered."""
    folder = stage.folder / "laboratory"
    folder.mkdir(mode=0o711)
    (firm, account), port = _GAELLE, port_or_another(MLLP)
    made = Laboratory(stage, folder, finess=_FINESS, name="Labo des Acacias", port=port, firm=firm, account=account)
    made.start_mllp()
    told = [f"{file.name} {made.post_file(file).status}" for file in _SENT]
    again = made.exchange(_SENT[1].read_bytes()).count(b"MSA|AA|")
    return made, [*told, f"by MLLP again {again} AA"]


def _show_laboratory(console: Console, laboratory_and_sent: tuple[Laboratory, list[str]]) -> None:
    made, sent = laboratory_and_sent
    console.print(_PASSKEY, highlight=False, soft_wrap=True)
    where = f"{made.place.doors} (HTTPS forms), localhost:{made.place.mllp} (MLLP over mutual TLS)"
    console.print(f"\n[bold]laboratory[/bold]  {where}  sends plain, FINESS {made.finess}", soft_wrap=True)
    lines = {
        "sent": ", ".join(sent),
        "send a file": f".venv/bin/sceau laboratory {made.client.parent} FILE [--mllp]",
        "certificate": f"{made.client}, of the authority {made.authority}",
    }
    for name, line in lines.items():
        console.print(f"  {name}   {line}", highlight=False, soft_wrap=True)
