"""Everything on one machine, as real processes on loopback: PostgreSQL, both sites, both workers, each with a role of its own in
the database and, where this process may give one, an operating-system user of its own (`accounts`).

Nothing is seeded behind the door: the authority approves the software, the registry invites the owner, the pharmacy's key is
confirmed there, and every result comes in through `sceau import`. All of it lies in one folder and ends with this process.

    folder/          0711
      config/        0755    what is public; software.pem, for the counter's processes that speak to the registry
      keyholder/     0711    one folder a service (0700, its keyholder's), and the key in a file that unlocks it (0600, the same)
      run/           0711    the keyholders' sockets
      mail/          1733    the e-mails of the registry, as files of whoever sent them
      pharmacy/      0711    workstation.json, for the workstation and the operator's commands
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import ECAlgorithm

from sceau.core.accounts.seed import SignIn
from sceau.demo import given, tied
from sceau.demo.accounts import SANDBOX, Accounts
from sceau.demo.accounts import SERVICES as SERVICES
from sceau.demo.child import Child
from sceau.demo.postgres import Postgres, make_run_folder
from sceau.demo.processes import Supervisor, free_port

FINESS, PHARMACY = "750123457", "Pharmacie des Lilas"
_REGISTRY = ("web", "worker")
PROCESSES = {"counter": ("web", "worker"), "registry": (*_REGISTRY, "doors"), SANDBOX: _REGISTRY}
ISSUER = {
    "BILLING_NAME": "Sceau (démonstration)",
    "BILLING_SIRET": "90000000100017",
    "BILLING_VAT_NUMBER": "FR68900000001",
    "BILLING_STREET": "1 rue du Sceau",
    "BILLING_POSTCODE": "75001",
    "BILLING_CITY": "PARIS",
    "BILLING_IBAN": "FR7630006000011234567890189",
}
"""Who issues the demo's invoices: nobody."""
OWNER = ("bruno@lilas.example", "Bruno")


class StageError(RuntimeError):
    """A command of the demo failed; carries what it wrote."""


class Stage:
    """The demo's services in `folder`, kept by `supervisor`. `ports`: counter's, registry's; `durable`: as `Postgres` has it. With
    `bench`, a sandbox of the registry stands beside it: the same programs with another keyholder, another database, other users.
    """

    def __init__(
        self,
        folder: Path,
        supervisor: Supervisor,
        *,
        ports: tuple[int, int] | None = None,
        durable: bool = True,
        bench: bool = False,
    ) -> None:
        self.folder = folder
        self.supervisor = supervisor
        self.postgres = Postgres(folder / "postgres", durable=durable)
        self.services = (*SERVICES, SANDBOX) if bench else SERVICES
        self.sends_to = "registry"
        self.ports = dict(zip(SERVICES, ports or (free_port(), free_port()), strict=True)) | {SANDBOX: free_port()}
        self.doors_port = free_port()
        self.accounts = Accounts()
        self._secrets: dict[str, str] = {}

    def url(self, service: str) -> str:
        return f"http://localhost:{self.ports[service]}"

    @property
    def doors_url(self) -> str:
        """Where the registry's plain doors are."""
        return f"http://localhost:{self.doors_port}"

    def start(self) -> None:
        """From an empty folder to both sites answering, software approved and pharmacy enrolled."""
        self._prepare_database()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda service: self.run(service, project(service), "migrate", role="owner"), self.services))
        self._start_keyholders()
        self._publish()
        self._approve()
        self._start_processes()
        self._enrol()
        self.run("counter", "counter", "kit", "Panbio COVID-19 Ag", "--gtin", "03760123456784", role="owner")

    def run(self, service: str, *arguments: str, role: str = "web", check: bool = True) -> str:
        """Runs `sceau ARGUMENTS` as one process of a service; gives what it printed. Raises `StageError`."""
        argv, env = self.command(service, *arguments, role=role), self.env(service, role)
        done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
        if check and done.returncode:
            raise StageError(f"sceau {' '.join(arguments[:2])}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def command(self, service: str, *arguments: str, role: str = "web") -> list[str]:
        """The arguments that run `sceau ARGUMENTS` with a role's rights, as its user, while this thread lives.

        What has the web's rights but is not the web process is somebody at the pharmacy's workstation.
        """
        account = self.accounts.of(service, "workstation" if role == "web" else role)
        return tied.command(self._argv(arguments), account=account, at_death=signal.SIGTERM)

    def tell(self, service: str, *arguments: str, role: str = "web") -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run(service, *arguments, role=role))
        return told

    def import_files(self, files: Sequence[Path], *, show: bool) -> int:
        """`sceau import --wait`, on this terminal when `show`; gives its exit status. The files may be the caller's alone."""
        with given.readable(files, by=self.accounts.of("counter", "workstation")) as (names, descriptors):
            argv = self.command("counter", "import", *names, "--wait", *([] if show else ["--json"]))
            done = subprocess.run(argv, env=self.env("counter", "web"), pass_fds=descriptors, check=False)  # noqa: S603
        return done.returncode

    def env(self, service: str, role: str) -> dict[str, str]:
        """The environment of one process: its database role, and only the secrets it needs."""
        config = self.folder / "config"
        env = self._plain_env() | {
            "DJANGO_SETTINGS_MODULE": f"sceau.{project(service)}.config.settings",
            "DATABASE_URL": self.postgres.url(f"{service}_{role}", self._secret(f"{service}_{role}"), service),
            "SECRET_KEY": self._secret(f"{service}-django"),
            "KEYHOLDER": str(self.sockets(service) / f"{'operator' if role == 'owner' else role}.sock"),
            "SCEAU_INSECURE_HTTP": "1",
            "PUBLIC_URL": self.url(service),
        }
        return env | (self._counter_env(role, config) if service == "counter" else self._registry_env(service, role, config))

    def sockets(self, service: str) -> Path:
        """The folder of a keyholder's sockets, one a process of the service."""
        return self.folder / "run" / service

    @property
    def mail(self) -> Path:
        """Where the registry's e-mails are written."""
        return self.folder / "mail"

    def state(self, service: str) -> Path:
        """A keyholder's own folder; the key that unlocks it lies beside it (`-unlock`)."""
        return self.folder / "keyholder" / service

    @property
    def workstation(self) -> Path:
        """The credential of the pharmacy's workstation."""
        return self.folder / "pharmacy" / "workstation.json"

    def _registry_env(self, service: str, role: str, config: Path) -> dict[str, str]:
        """The plain doors know public keys, and the keyholder for their stamp alone; a sandbox knows whose it is."""
        env = {"DOORS_URL": self.doors_url, "EMAIL_FOLDER": str(self.mail)}
        if role == "doors":
            settings = {
                "DJANGO_SETTINGS_MODULE": "sceau.registry.config.doors",
                "KEYHOLDER": str(self.sockets(service) / "doors.sock"),
            }
            return env | settings | self._pinned(config, "registry-root")
        if service == SANDBOX:
            return env | {"SANDBOX_OF": self.url("registry")}
        root = config / f"{SANDBOX}-root"
        return env | ({"BENCH_URL": self.url(SANDBOX), "BENCH_ROOT": root.read_text()} if root.exists() else {})

    def _pinned(self, config: Path, *names: str, of: str = "registry") -> dict[str, str]:
        """The keys of a registry, and what else is told by one word in a file."""
        files = {name.upper().replace("-", "_"): config / name.replace("registry", of) for name in names}
        words = {name: file.read_text() if file.exists() else "" for name, file in files.items()}
        return {"REGISTRY_KEYS": str(config / f"{of}-keys.json")} | words

    def _counter_env(self, role: str, config: Path) -> dict[str, str]:
        """`sends_to` says which of the two registries it knows."""
        pinned = self._pinned(config, "registry-root", "software-id", of=self.sends_to)
        env = {"REGISTRY_URL": self.url(self.sends_to)} | pinned
        env |= {"REGIME": "demo"} | ISSUER
        if role != "worker":
            env["WORKSTATION"] = str(self.workstation)
        return env | {"SOFTWARE_KEY": str(config / "software.pem")}

    def _start_keyholders(self) -> None:
        """One beside each service. Their stores are unlocked by a key that lies in a file: for a demo, and named unsafe."""
        for service in self.services:
            self._give_to_keyholder(service)
            init = self.command(service, "keyholder", "init", *self._store(service), role="keyholder")
            subprocess.run(init, env=self._plain_env(), capture_output=True, check=True)  # noqa: S603 - our own program
            self.supervisor.start(self.keyholder(service))
        for service in self.services:
            self.wait_keyholder(service)

    def keyholder(self, service: str) -> Child:
        """A service's keyholder, as the supervisor starts it. Each socket admits the users of its own process."""
        regime = ("--regime", "law", "--bench") if service == SANDBOX else ("--regime", "demo")
        told = ("--service", project(service), "--sockets", str(self.sockets(service)), *regime, "--origin", self.url(service))
        argv = self._argv(("keyholder", "serve", *self._store(service), *told, *self._admitted(service)))
        name, account = f"{service}-keyholder", self.accounts.of(service, "keyholder")
        return Child(name=name, argv=argv, log=self.folder / f"{name}.log", env=self._plain_env(), account=account)

    def wait_keyholder(self, service: str) -> None:
        """Until a service's keyholder answers."""
        place = self.sockets(service) / "web.sock"
        self.supervisor.wait_for(lambda: listens(place), what=f"the {service}'s keyholder", deadline=30)

    def _store(self, service: str) -> tuple[str, ...]:
        return ("--state", str(self.state(service)), "--unsafe-unlock-file", str(self.unlock_file(service)))

    def unlock_file(self, service: str) -> Path:
        return self.state(service).with_name(f"{service}-unlock")

    def _give_to_keyholder(self, service: str) -> None:
        """Its folders, and a key to unlock its store, which nobody else may read."""
        own = (service, "keyholder")
        self.unlock_file(service).touch(mode=0o600)
        self.unlock_file(service).write_text(secrets.token_hex(32))
        self.accounts.give(self.unlock_file(service), to=own, mode=0o600)
        for folder, mode in ((self.state(service), 0o700), (self.sockets(service), 0o711)):
            folder.mkdir()
            self.accounts.give(folder, to=own, mode=mode)

    def _admitted(self, service: str) -> list[str]:
        """Which users may connect to which socket; the keyholder's own alone where nobody has another."""
        users = {"web": ("web", "workstation"), "worker": ("worker",), "operator": ("owner",)}
        users |= {"doors": ("doors",)} if project(service) == "registry" else {}
        accounts = [(name, self.accounts.of(service, role)) for name, roles in users.items() for role in roles]
        return [f"--allow={name}={account.uid}" for name, account in accounts if account]

    def _enrol(self) -> None:
        """The authority invites the owner to the registry; the pharmacy is founded and asks for its key, which is confirmed."""
        self.tell("registry", "registry", "invite", FINESS, "--email", OWNER[0], "--name", OWNER[1], role="owner")
        owner = ("--owner", OWNER[0], "--owner-name", OWNER[1])
        self.accounts.give(self.workstation.parent, to=("counter", "owner"), mode=0o711)
        workstation = ("--workstation", str(self.workstation))
        told = self.tell("counter", "counter", "pharmacy", FINESS, PHARMACY, *owner, *workstation, role="owner")
        self.confirm(FINESS, told["fingerprint"])
        self.accounts.give(self.workstation, to=("counter", "workstation"), mode=0o440, group=("counter", "owner"))
        self.owner = SignIn(*(told[field] for field in SignIn._fields))

    def confirm(self, finess: str, fingerprint: str) -> None:
        """As the operator of the registry does it for an owner on the telephone; then the counter learns of it."""
        if self.sends_to != SANDBOX:  # there no pharmacy has an owner
            self.run("registry", "registry", "confirm", finess, "--fingerprint", fingerprint, role="owner")
        self.run("counter", "counter", "key", finess, role="owner")

    def _plain_env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "TERM": os.environ.get("TERM", "dumb")}

    def _prepare_database(self) -> None:
        for name in ("config", "keyholder", "pharmacy", "run"):
            make_run_folder(self.folder / name)
        (self.folder / "config").chmod(0o755)
        self.mail.mkdir()
        self.mail.chmod(0o1733)
        make_run_folder(self.folder / "postgres") if not (self.folder / "postgres").exists() else None
        self.postgres.serve(self.supervisor)
        for service in self.services:
            for process in ("owner", *PROCESSES[service]):
                self.postgres.create_role(f"{service}_{process}", self._secret(f"{service}_{process}"))
            self.postgres.create_database(service, f"{service}_owner")
            for process in PROCESSES[service]:
                self.postgres.grant_connect(service, f"{service}_{process}")

    def _publish(self) -> None:
        """What the registry's operator publishes and a counter's pins, in files of the operator's."""
        for service in self.services[1:]:
            for name in ("keys.json", "root"):
                file = self.folder / "config" / f"{service}-{name}"
                file.touch()
                self.accounts.give(file, to=(service, "owner"), mode=0o644)
            self.run(service, "registry", "keys", "--folder", str(self.folder / "config"), "--name", service, role="owner")

    def _approve(self) -> None:
        """The publisher makes its key; the authority approves the product with the public half."""
        config, key = self.folder / "config", ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (config / "software.pem").touch(mode=0o600)
        (config / "software.pem").write_bytes(pem)
        # The relay's; web and operator enrol pharmacies with it and read it as its group.
        self.accounts.give(config / "software.pem", to=("counter", "worker"), mode=0o440)
        (config / "software.jwk").write_text(ECAlgorithm.to_jwk(key.public_key()))
        product = ("--publisher", "Sceau", "--name", "Sceau Comptoir", "--version", "0.1")
        told = self.tell(
            "registry",
            *(
                "registry",
                "approvals",
                "approve",
                "--jwk",
                str(config / "software.jwk"),
                *product,
                "--by",
                "Farid, pour l’autorité",
            ),
            role="owner",
        )
        (config / "software-id").write_text(told["id"])

    def _start_processes(self) -> None:
        for service in self.services:
            for role in PROCESSES[service]:
                self.supervisor.start(self.child(service, role))
        for url in (*map(self.url, self.services), self.doors_url):
            self.supervisor.wait_http(f"{url}/health", deadline=30)

    def child(self, service: str, role: str) -> Child:
        """One of the services' processes, as the supervisor starts it."""
        name = f"{service}-{role}"
        argv = self._argv((project(service), *self._program(service, role)))
        env, account = self.env(service, role), self.accounts.of(service, role)
        return Child(name=name, argv=argv, log=self.folder / f"{name}.log", env=env, account=account)

    def _program(self, service: str, role: str) -> tuple[str, ...]:
        port = self.ports[service] if role == "web" else self.doors_port
        return {"worker": ("worker",), "web": ("serve", f"--port={port}"), "doors": ("doors", f"--port={port}")}[role]

    def _argv(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "sceau", *arguments]

    def _secret(self, name: str) -> str:
        return self._secrets.setdefault(name, secrets.token_hex(32))


def project(service: str) -> str:
    """Whose programs these are: a sandbox is a registry."""
    return "registry" if service == SANDBOX else service


def listens(place: Path) -> bool:
    """Whether a process takes connections at a socket; a killed one leaves its file behind."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(place)) == 0


def listening(port: int) -> bool:
    """Whether a process takes connections at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
