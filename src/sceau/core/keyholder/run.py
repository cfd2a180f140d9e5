"""A keyholder put together: its store unlocked, and who answers which question."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sceau.core.keyholder.access import Access
from sceau.core.keyholder.attest import Attestations
from sceau.core.keyholder.credentials import Credentials
from sceau.core.keyholder.journal import Journal
from sceau.core.keyholder.lacking import Lacks
from sceau.core.keyholder.log import LogSigner
from sceau.core.keyholder.meter import Meter
from sceau.core.keyholder.opener import Openers
from sceau.core.keyholder.presence import Presence
from sceau.core.keyholder.registry import Parts, RegistryVerbs
from sceau.core.keyholder.sealed_secrets import SealedSecrets
from sceau.core.keyholder.server import Handlers
from sceau.core.keyholder.service_verbs import Health, Told
from sceau.core.keyholder.software import Software
from sceau.core.keyholder.stamps import Stamps
from sceau.core.keyholder.store import Store
from sceau.core.keyholder.tracing import Tracing
from sceau.core.keyholder.unlock import Unlock
from sceau.core.regime import REGIMES

JOURNAL = "journal.jsonl"


class Setting(NamedTuple):
    """How one keyholder is set: its service, the regime's name, the address at which the service's passkeys are used and software signs
    in; whether it is a sandbox's.
    """

    service: str
    regime: str = "law"
    origin: str = "http://localhost"
    rp_id: str = "localhost"
    bench: bool = False


@contextmanager
def answering(state: Path, unlock: Unlock, setting: Setting, clock: Callable[[], datetime]) -> Iterator[Handlers]:
    """Who answers what, until the end of the block. Raises `KeyholderError`, `Tampered`."""
    store, journal = Store(state, unlock.key), Journal(state / JOURNAL)
    opener = Openers() if setting.service == "registry" else None
    try:
        yield _handlers(store, journal, setting, clock, opener, unsafe=unlock.unsafe)
    finally:
        if opener:
            opener.close()
        journal.close()


def _handlers(
    store: Store, journal: Journal, setting: Setting, clock: Callable[[], datetime], opener: Openers | None, *, unsafe: bool
) -> Handlers:
    meter, regimes = Meter(store), REGIMES[setting.regime]
    shared = Credentials(store, meter, journal, clock, regimes=None if opener else regimes).handlers()
    attestations = Attestations(store)
    log = LogSigner(store, journal, clock, f"sceau/{setting.service}")
    shared = {
        **shared,
        **log.handlers(),
        **attestations.handlers(),
        **SealedSecrets(store).handlers(),
        **Lacks(store).handlers(),
    }
    shared[Health] = lambda asked, principal: _health(store, journal, setting, clock, log, unsafe=unsafe)
    if opener is None:
        return shared
    presence = Presence(store, journal, clock, origin=setting.origin, rp_id=setting.rp_id)
    software = Software(store, journal, clock, presence=presence, attestations=attestations, bench=setting.bench)
    access = Access(store, meter, journal, clock, software, origin=setting.origin, bench=setting.bench)
    stamps = Stamps(store, clock)
    parts = Parts(presence, software, stamps, opener)
    registry = RegistryVerbs(store, meter, journal, clock, parts, regime=setting.regime)
    tracing = Tracing(registry, journal, clock)
    return {
        **shared,
        **registry.handlers(),
        **presence.handlers(),
        **software.handlers(),
        **access.handlers(),
        **stamps.handlers(),
        **tracing.handlers(),
    }


def _health(
    store: Store, journal: Journal, setting: Setting, clock: Callable[[], datetime], log: LogSigner, *, unsafe: bool
) -> Told:
    folders = ["days"] if setting.service == "registry" else store.folders("owners")
    live = {name.rpartition("/")[2] for folder in folders for name in store.names(folder)}
    return Told(setting.service, journal.head.entries, journal.head.digest, unsafe, len(live), clock(), log.public, *log.last())
