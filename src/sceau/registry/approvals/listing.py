"""The public list: what was approved once, what it may send, and every decision on it. Nothing on it is about a person."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from rapidfuzz import fuzz, utils

from sceau.registry.approvals import keys
from sceau.registry.approvals.enums import LISTED
from sceau.registry.approvals.models import Decision, Software

_LIKE = 72.0
_ENOUGH = 3


def public_list() -> QuerySet[Software]:
    """With its publishers, and its public decisions in `told`, the last first."""
    public = Prefetch("decisions", Decision.objects.filter(state__in=LISTED).order_by("-id"), to_attr="told")
    found = Software.objects.filter(state__in=LISTED).select_related("publisher").prefetch_related(public)
    return found.order_by("publisher__name", "name", "version")


def looked_up(asked: str) -> list[Software]:
    """What of the list is meant by a name, with typos; the likeliest first. Empty for nothing alike."""
    scored = [
        (fuzz.WRatio(asked, f"{one.name} {one.version} {one.publisher}", processor=utils.default_process), one)
        for one in public_list()
    ]
    likely = [(score, one) for score, one in scored if score >= _LIKE]
    return [one for _, one in sorted(likely, key=lambda found: -found[0])] if len(asked.strip()) >= _ENOUGH else []


def listed(software: Software) -> dict[str, Any]:
    """As data."""
    scope = software.scope
    return {
        "id": software.id,
        "publisher": software.publisher.name,
        "name": software.name,
        "version": software.version,
        "formats": scope.formats,
        "diseases": scope.diseases,
        "starts_on": scope.starts_on,
        "ends_on": scope.ends_on,
        "state": software.state,
        "since": software.since,
        "decisions": [_told(one) for one in software.told],  # type: ignore[attr-defined]
    }


def with_keys(software: Software, *, at: datetime) -> dict[str, Any]:
    """A product as its bench knows it: its live public keys, and when its test began."""
    names = {"id": software.id, "publisher": software.publisher.name, "name": software.name, "version": software.version}
    live = [key.jwk for key in keys.live(software, at=at)]
    return {**names, "state": software.state, "keys": live, "tested_from": software.tested_from}


def _told(decision: Decision) -> dict[str, Any]:
    shown = {"state": decision.state, "at": decision.at, "authority": decision.by, "reason": decision.reason}
    return {**shown, **decision.scope, "bench": decision.evidence_id is not None}
