"""What a thief takes of the machine beside the databases: source, configuration files, environments. Never the keyholder's store."""

from importlib import resources
from pathlib import Path

from sceau.demo.stage import SERVICES
from sceau.exposure.drills.temporary import descendants
from sceau.exposure.drills.world import World

_NOT_TAKEN = ("keyholder", "run", "data", "postgres")


def environments() -> list[bytes]:
    """The environment of every process of the services, as the kernel shows it."""
    told = []
    for pid in descendants():
        try:
            told.append(Path(f"/proc/{pid}/environ").read_bytes())
        except OSError:  # it has ended, or the system keeps another user's from us
            continue
    return [each for each in told if each]


def configuration(world: World) -> list[Path]:
    """Every file of the run but the keyholders' own folder and the databases', which are taken by themselves."""
    folder = world.stage.folder
    kept = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".log")
    settings = [*sorted((folder / "postgres" / "conf").iterdir()), folder / "postgres" / "superuser"]
    return [*(file for file in kept if file.relative_to(folder).parts[0] not in _NOT_TAKEN), *settings]


def source() -> Path:
    """The program's source tree."""
    return Path(str(resources.files("sceau")))


def addresses(told: list[bytes]) -> dict[str, str]:
    """The databases' addresses with their passwords, by role, as environments tell them."""
    found = (word for each in told for word in each.split(b"\0") if word.startswith(b"DATABASE_URL="))
    urls = sorted({word.partition(b"=")[2].decode() for word in found})
    return {url.partition("//")[2].partition(":")[0]: url for url in urls if any(service in url for service in SERVICES)}
