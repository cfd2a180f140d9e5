"""Everything on one machine, as real processes on loopback: PostgreSQL, both sites, both workers, each with a role of its own.

Nothing is seeded behind the door: the authority approves the software, the registry invites the pharmacy, the pharmacy enrols its
key, and every result comes in through `sceau import`. All of it lies in one folder and ends with this process.
"""

import json
import os
import secrets
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
from sceau.demo.child import Child
from sceau.demo.postgres import Postgres, make_run_folder
from sceau.demo.processes import Supervisor, free_port

FINESS, PHARMACY = "750123457", "Pharmacie des Lilas"
SERVICES = ("counter", "registry")
PROCESSES = ("web", "worker")
OWNER = ("bruno@lilas.example", "Bruno")


class StageError(RuntimeError):
    """A command of the demo failed; carries what it wrote."""


class Stage:
    """The demo's services in `folder`, kept by `supervisor`. `ports` are the counter's and the registry's."""

    def __init__(self, folder: Path, supervisor: Supervisor, *, ports: tuple[int, int] | None = None) -> None:
        self.folder = folder
        self.supervisor = supervisor
        self.postgres = Postgres(folder / "postgres")
        self.ports = dict(zip(SERVICES, ports or (free_port(), free_port()), strict=True))
        self._secrets: dict[str, str] = {}

    def url(self, service: str) -> str:
        return f"http://localhost:{self.ports[service]}"

    def start(self) -> None:
        """From an empty folder to both sites answering, software approved and pharmacy enrolled."""
        self._prepare_database()
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda service: self.run(service, service, "migrate", role="owner"), SERVICES))
        self._start_keyholders()
        self.run("registry", "registry", "keys", "--folder", str(self.folder / "config"), role="owner")
        self._approve()
        self._start_processes()
        self._enrol()
        self.run("counter", "counter", "kit", "Panbio COVID-19 Ag", "--gtin", "03760123456784", role="owner")

    def run(self, service: str, *arguments: str, role: str = "web", check: bool = True) -> str:
        """Runs `sceau ARGUMENTS` as one process of a service; gives what it printed. Raises `StageError`."""
        done = subprocess.run(  # noqa: S603 - our own program, our own arguments
            self._argv(arguments), env=self.env(service, role), capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise StageError(f"sceau {' '.join(arguments[:2])}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def tell(self, service: str, *arguments: str, role: str = "web") -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.run(service, *arguments, role=role))
        return told

    def import_files(self, files: Sequence[Path], *, show: bool) -> int:
        """`sceau import --wait`, on this terminal when `show`; gives its exit status."""
        arguments = ["import", *map(str, files), "--wait", *([] if show else ["--json"])]
        return subprocess.run(self._argv(arguments), env=self.env("counter", "web"), check=False).returncode  # noqa: S603

    def env(self, service: str, role: str) -> dict[str, str]:
        """The environment of one process: its database role, and only the secrets it needs."""
        config = self.folder / "config"
        env = self._plain_env() | {
            "DJANGO_SETTINGS_MODULE": f"sceau.{service}.config.settings",
            "DATABASE_URL": self.postgres.url(f"{service}_{role}", self._secret(f"{service}_{role}"), service),
            "SECRET_KEY": self._secret(f"{service}-django"),
            "KEYHOLDER": str(self.sockets(service) / f"{'operator' if role == 'owner' else role}.sock"),
            "SCEAU_INSECURE_HTTP": "1",
            "PUBLIC_URL": self.url(service),
        }
        return env | (self._counter_env(role, config) if service == "counter" else {})

    def sockets(self, service: str) -> Path:
        """The folder of a keyholder's sockets, one a process of the service."""
        return self.folder / "run" / service

    def _counter_env(self, role: str, config: Path) -> dict[str, str]:
        env = {"REGISTRY_URL": self.url("registry"), "REGISTRY_KEYS": str(config / "registry-keys.json")}
        for name in ("registry-root", "software-id"):
            file = config / name
            env[name.upper().replace("-", "_")] = file.read_text() if file.exists() else ""
        env["REGIME"] = "demo"
        if role != "worker":
            env["WORKSTATION"] = str(self.folder / "workstation.json")
        return env | {"SOFTWARE_KEY": str(config / "software.pem")}

    def _start_keyholders(self) -> None:
        """One beside each service. Their stores are unlocked by a key that lies in a file: for a demo, and named unsafe."""
        for service in SERVICES:
            unlock = self.folder / "keyholder" / f"{service}-unlock"
            store = ("--state", str(self.folder / "keyholder" / service), "--unsafe-unlock-file", str(unlock))
            self.run(service, "keyholder", "init", *store)
            settings = (
                "--service",
                service,
                "--sockets",
                str(self.sockets(service)),
                "--regime",
                "demo",
                "--origin",
                self.url(service),
            )
            argv = self._argv(("keyholder", "serve", *store, *settings))
            log = self.folder / f"{service}-keyholder.log"
            self.supervisor.start(Child(name=f"{service}-keyholder", argv=argv, log=log, env=self._plain_env()))
        for service in SERVICES:
            self.supervisor.wait_for(
                lambda service=service: (self.sockets(service) / "web.sock").exists(),  # type: ignore[misc]
                what=f"the {service}'s keyholder",
                deadline=30,
            )

    def _enrol(self) -> None:
        """The registry invites; the owner founds the pharmacy, whose key is enrolled with the code."""
        code = self.tell("registry", "registry", "invite", FINESS, role="owner")["code"]
        owner = ("--owner", OWNER[0], "--owner-name", OWNER[1])
        workstation = ("--workstation", str(self.folder / "workstation.json"))
        told = self.tell("counter", "counter", "pharmacy", FINESS, PHARMACY, "--code", code, *owner, *workstation, role="owner")
        self.owner = SignIn(*(told[field] for field in SignIn._fields))

    def _plain_env(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "TERM": os.environ.get("TERM", "dumb")}

    def _prepare_database(self) -> None:
        for name in ("config", "keyholder", "run"):
            (self.folder / name).mkdir(mode=0o700)
        make_run_folder(self.folder / "postgres") if not (self.folder / "postgres").exists() else None
        self.postgres.serve(self.supervisor)
        for service in SERVICES:
            for process in ("owner", *PROCESSES):
                self.postgres.create_role(f"{service}_{process}", self._secret(f"{service}_{process}"))
            self.postgres.create_database(service, f"{service}_owner")
            for process in PROCESSES:
                self.postgres.grant_connect(service, f"{service}_{process}")

    def _approve(self) -> None:
        """The publisher makes its key; the authority approves the product with the public half."""
        config, key = self.folder / "config", ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (config / "software.pem").touch(mode=0o600)
        (config / "software.pem").write_bytes(pem)
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
                "Farid, the authority",
            ),
            role="owner",
        )
        (config / "software-id").write_text(told["id"])

    def _start_processes(self) -> None:
        for service in SERVICES:
            for role in PROCESSES:
                self.supervisor.start(self.child(service, role))
        for service in SERVICES:
            self.supervisor.wait_http(f"{self.url(service)}/health", deadline=30)

    def child(self, service: str, role: str) -> Child:
        """One of the services' processes, as the supervisor starts it."""
        name = f"{service}-{role}"
        arguments = ("serve", "--port", str(self.ports[service])) if role == "web" else ("worker",)
        argv = self._argv((service, *arguments))
        return Child(name=name, argv=argv, log=self.folder / f"{name}.log", env=self.env(service, role))

    def _argv(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "sceau", *arguments]

    def _secret(self, name: str) -> str:
        return self._secrets.setdefault(name, secrets.token_hex(32))
