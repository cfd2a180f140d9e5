"""Drill 27: the counter's operator, with everything that the counter stores: databases, files, and the keyholder's store opened."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sceau.core.keyholder.store import Store
from sceau.core.keyholder.unlock import UnsafeFileKeys
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import seal_row
from sceau.demo.stage import FINESS
from sceau.exposure.drills import server, trying
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_PLACE = Place("careless", "1", "sealed", "nobody", "2022-01-07")
_SIGNING = "select public_key from pharmacies_pharmacy where finess = %s"
_AT_THE_PHARMACY = "workstation.json"


def play(world: World) -> Played:
    """All but the credential of the pharmacy's workstation, which lies at the pharmacy."""
    opened = _store(world)
    files = [file for file in server.configuration(world) if file.name != _AT_THE_PHARMACY]
    told = [*server.environments(), *(file.read_bytes() for file in files)]
    keys = {*opened.values(), *trying.candidates(*world.loot.dumps.values(), *opened.values(), tokens=told)}
    keys = {key for key in keys if len(key) == 32}
    locks = [lock for lock in trying.locks(world) if lock.what != "second factor"]
    read = trying.attempt(locks, keys)
    [(public,)] = world.sql("registry", _SIGNING, FINESS)
    forged = [Finding("the pharmacy's signing key", "what the counter stores")] if _signs(keys, bytes(public)) else []
    obtained = (
        f"the keyholder's {len(opened)} secrets, both dumps, files and environments: {len(keys)} keys tried on "
        f"{len(locks)} sealed values, none opens; none is the pharmacy's signing key. "
        "Second factors' seeds, which the keyholder seals for the service itself, are the operator's to read"
    )
    return Played(obtained, read + forged, [_opens(opened, keys), _forges(keys)])


def _store(world: World) -> dict[str, bytes]:
    """Every secret of the counter's keyholder, unlocked."""
    store = Store(world.stage.state("counter"), UnsafeFileKeys(world.stage.unlock_file("counter")).unlock().key)
    names = (file.relative_to(store.folder).as_posix() for file in store.folder.rglob("*") if file.is_file())
    kept = ((name, store.get(name)) for name in names if name not in ("master", "salt", "journal.jsonl"))
    return {name: secret for name, secret in kept if secret is not None}


def _signs(keys: set[bytes], public: bytes) -> bool:
    return any(Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw() == public for key in keys)


def _opens(opened: dict[str, bytes], keys: set[bytes]) -> Control:
    """A row that somebody careless sealed under a secret of the store alone."""
    key = next(secret for name, secret in sorted(opened.items()) if name.startswith("owners/"))
    lock = trying.row_lock("row", seal_row(key, b"clear", _PLACE), _PLACE)
    return Control("a row sealed under a secret of the keyholder alone", () if trying.attempt([lock], keys) else ("the row",))


def _forges(keys: set[bytes]) -> Control:
    """A signing key that lies in the counter's store is recognised."""
    careless = Ed25519PrivateKey.from_private_bytes(min(keys)).public_key().public_bytes_raw()
    return Control("a signing key that the counter stores", () if _signs(keys, careless) else ("the key",))


DRILL = Drill(27, "operator of the counter with everything stored", play)
