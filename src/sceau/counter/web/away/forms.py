"""Putting right what was kept and could not be taken in: the form that it was typed into, with the kit and the time it was kept with.

What comes out is what the workstation would have kept; the action looks at it all again.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec.structs import asdict, replace

from sceau.core.web.labels import disease
from sceau.counter.kept.content import Box, Content, Found, Started, Told
from sceau.counter.kept.models import Entry, Reason
from sceau.counter.kits.models import Kit
from sceau.counter.visits.models import Visit
from sceau.counter.web.desk.forms import PatientForm

_FORMAT = "%Y-%m-%dT%H:%M:%S"
_SHOWN = [("+", gettext_lazy("positive")), ("-", gettext_lazy("negative")), ("?", gettext_lazy("inconclusive"))]


class _Timed(forms.Form):
    """`at` is when it happened, which is not after it came here."""

    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        input_formats=[_FORMAT, "%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format=_FORMAT),
    )
    row: Entry

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at > self.row.arrived_at:
            raise forms.ValidationError(_("This is after it came here: give the time at which it was done"))
        return at


class StartedForm(_Timed, PatientForm):
    kit = forms.ChoiceField(label=gettext_lazy("Kit"))

    def __init__(self, data: Any, *, content: Started, row: Entry) -> None:
        self.row, self._content = row, content
        zone, kits = ZoneInfo(row.pharmacy.time_zone), list(row.pharmacy.kits.order_by("name"))
        initial = asdict(content.told) | {"at": content.at.astimezone(zone), "kit": str(content.box.kit)}
        super().__init__(data, today=row.pharmacy.day(row.arrived_at), initial=initial)
        self._kits = {str(kit.id): kit for kit in kits}
        self.fields["kit"].choices = [(number, _kit(kit)) for number, kit in self._kits.items()]  # type: ignore[attr-defined]

    def mended(self) -> Started:
        """As typed: `kept.actions` reads it as on the day that it tells."""
        told = Told(**{name: self.data.get(name, kept) for name, kept in asdict(self._content.told).items()})
        return replace(self._content, told=told, at=self.cleaned_data["at"], box=self._box())

    def _box(self) -> Box:
        """What was in hand then, unless that is what was wrong."""
        kit, kept = self._kits[self.cleaned_data["kit"]], self._content.box
        same = kit.id == kept.kit and self.row.reason != Reason.KIT
        return kept if same else Box(kit.id, kit.lot, kit.expiry)


class FoundForm(_Timed):
    """What the test of that visit found, a part a field."""

    def __init__(self, data: Any, *, content: Found, row: Entry, kit: Kit) -> None:
        self.row, self._content, self._parts = row, content, len(kit.parts)
        zone = ZoneInfo(row.pharmacy.time_zone)
        keys = dict(zip(map(_part, range(self._parts)), content.keys, strict=False))
        super().__init__(data, initial=keys | {"at": content.at.astimezone(zone)}, auto_id="kept_%s")
        for nth, one in enumerate(kit.diseases):
            self.fields[_part(nth)] = forms.ChoiceField(label=disease(one), choices=_SHOWN, widget=forms.RadioSelect)

    def findings(self) -> list[Any]:
        return [self[_part(nth)] for nth in range(self._parts)]

    def mended(self) -> Found:
        keys = "".join(self.cleaned_data[_part(nth)] for nth in range(self._parts))
        return replace(self._content, keys=keys, at=self.cleaned_data["at"])


def mending(content: Content, row: Entry, visit: Visit | None, data: Any = None) -> StartedForm | FoundForm | None:
    """The form for it; None where there is nothing to put right: a result whose test is not here, or has its result."""
    if isinstance(content, Started):
        return StartedForm(data, content=content, row=row)
    if visit is None or visit.kit is None or visit.report_id:
        return None
    return FoundForm(data, content=content, row=row, kit=visit.kit)


def _kit(kit: Kit) -> str:
    expiry = f"{kit.expiry:%d/%m/%Y}" if kit.expiry else ""
    return " · ".join(filter(None, (kit.name, kit.lot, expiry)))


def _part(nth: int) -> str:
    return f"found_{nth}"
