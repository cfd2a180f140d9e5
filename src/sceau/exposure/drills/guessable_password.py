"""Drill 3: the same with a user's password equal to the pharmacy's name, which the thief guesses at once and tries offline.

The signing in of old had a hash to compare with. Here a password is the input of a slot, of which the keyholder has the other part:
the thief who knows the password tries everything that he has as that part.
"""

import os
import re
from uuid import UUID, uuid4

from sceau.core.accounts.seed import SignIn
from sceau.core.sealing.slots import password_input, slot_key, workstation_input, wrap
from sceau.demo.browser import Browser
from sceau.demo.stage import PHARMACY, SERVICES
from sceau.exposure.drills import server, trying
from sceau.exposure.drills.drill import Control, Drill, Finding, Played
from sceau.exposure.drills.world import World

_HASHES = re.compile(rb"\$argon2(?:id?|d)\$|pbkdf2_sha\d+\$|\$2[aby]\$\d\d\$|\$s?crypt\$|scrypt\$|\$[156]\$[./\w]{4,}")


def play(world: World) -> Played:
    who = _choose_it(world)
    dumps = [world.stage.postgres.dump(service) for service in SERVICES]
    told = [*server.environments(), *(file.read_bytes() for file in server.configuration(world))]
    keys = {b"", bytes(32), *trying.candidates(*dumps, tokens=told)}
    locks = [lock for slot, wrapped in _slots(world) for lock in _known(slot, wrapped, told)]
    hashes = [Finding("a password's hash, to try guesses on", "dump") for dump in dumps if _HASHES.search(dump)]
    obtained = f"the password; {len(locks)} slots, {len(keys)} stolen values as the keyholder's part: none opens; no hash"
    return Played(obtained, trying.attempt(locks, keys) + hashes, [_control(), _hash_control(), _signs_in(world, who)])


def _choose_it(world: World) -> SignIn:
    """Somebody of the staff changes the password, on the page for it, to the pharmacy's name."""
    who, browser = world.colleague()
    fields = {"oldpassword": who.password, "password1": PHARMACY, "password2": PHARMACY}
    browser.post("/accounts/password/change/", **fields)
    return who


def _slots(world: World) -> list[tuple[UUID, bytes]]:
    rows = world.sql("counter", "select id, wrapped from accounts_slot")
    return [(UUID(str(slot)), bytes(wrapped)) for slot, wrapped in rows]


def _known(slot: UUID, wrapped: bytes, told: list[bytes]) -> list[trying.Lock]:
    """The slot with every input that a thief can compute: the guessed password, and what workstations keep in files."""
    given = [password_input(PHARMACY, slot), *map(workstation_input, _workstations(told))]
    return [trying.hardened(slot, wrapped, one) for one in given]


def _workstations(told: list[bytes]) -> list[bytes]:
    return [bytes.fromhex(secret.decode()) for each in told for secret in re.findall(rb'"secret": ?"([0-9a-f]{64})"', each)]


def _control() -> Control:
    """A slot whose keyholder's part was left lying about."""
    slot, part = uuid4(), os.urandom(32)
    given = password_input(PHARMACY, slot)
    wrapped = wrap(slot_key(given, part), b"content", slot)
    opened = trying.attempt([trying.hardened(slot, wrapped, given)], trying.candidates(tokens=[b"PART=" + part.hex().encode()]))
    return Control("a slot with the keyholder's part beside it", () if opened else ("the slot",))


def _hash_control() -> Control:
    stored = b"1\tbruno@lilas.example\t$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g\n"
    return Control("a table that keeps a password's hash", () if _HASHES.search(stored) else ("the hash",))


def _signs_in(world: World, who: SignIn) -> Control:
    """The guessed password is the right one: at the front door it gets as far as the second factor."""
    browser = Browser(world.stage.url("counter"))
    page = browser.post("/accounts/login/", login=who.email, password=PHARMACY)
    return Control("the password at the front door", () if "2fa" in page.path else ("the second factor's page",))


DRILL = Drill(3, "the same with a user password equal to the pharmacy's name", play)
