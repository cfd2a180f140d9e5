from collections.abc import Iterable

from sceau.registry.pharmacies.models import Pharmacy


def keys_of(finess: Iterable[str]) -> dict[str, bytes]:
    """The enrolled public keys of those pharmacies, in one query."""
    found = Pharmacy.objects.filter(finess__in=set(finess)).values_list("finess", "public_key")
    return {number: bytes(key) for number, key in found}
