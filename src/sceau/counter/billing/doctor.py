"""What `sceau doctor` says of invoices: whether there is an issuer, and whether this machine can set a page. Reads no invoice."""

from collections.abc import Iterator

from sceau.core.doctor import Finding
from sceau.counter.billing.errors import IssuerIncomplete, NotIssued
from sceau.counter.billing.issuer import issuer
from sceau.counter.billing.pdf import check_setting

_DANGER = 5


def findings() -> Iterator[Finding]:
    try:
        issuer()
    except IssuerIncomplete as error:
        yield Finding(_DANGER, f"no invoice can be issued: {error}", "Set them: docs/reference/billing.md says which.")
    try:
        check_setting()
    except NotIssued as error:
        yield Finding(_DANGER, f"no invoice can be set as a page: {error}", "`sh scripts/pango.sh` does so where root may.")
