"""What the codes of a follow-up are called on a page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sceau.core.codes.territory import OUTSIDE
from sceau.core.report.model import Sex
from sceau.registry.contacts.models import Outcome, Setting

OUTCOMES = {
    Outcome.REACHED: gettext_lazy("reached"),
    Outcome.NO_ANSWER: gettext_lazy("no answer"),
    Outcome.CALL_BACK: gettext_lazy("asked to be called back"),
    Outcome.WRONG_NUMBER: gettext_lazy("wrong number"),
    Outcome.DECLINED: gettext_lazy("declined to answer"),
}
SETTINGS = {
    Setting.HOUSEHOLD: gettext_lazy("same household"),
    Setting.WORK: gettext_lazy("at work"),
    Setting.SCHOOL: gettext_lazy("at school"),
    Setting.CARE: gettext_lazy("while receiving or giving care"),
    Setting.LEISURE: gettext_lazy("leisure or family gathering"),
    Setting.TRAVEL: gettext_lazy("on a journey"),
    Setting.OTHER: gettext_lazy("elsewhere"),
}
PURPOSES = {
    "call": gettext_lazy("call this person"),
    "called": gettext_lazy("this person called us"),
    "check": gettext_lazy("check contact details"),
}
"""Why somebody is opened: what the passkey is touched for, and the log tells."""


def department(code: str | None) -> str:
    if not code:
        return _("unknown")
    return _("abroad") if code == OUTSIDE else code


def age_class(tens: int | None) -> str:
    if tens is None:
        return "–"
    return _("90 and over") if tens >= 90 else _("%(from)s to %(to)s") % {"from": tens, "to": tens + 9}


def sex(code: str | None) -> str:
    known: dict[str | None, str] = {Sex.FEMALE.value: _("F"), Sex.MALE.value: _("M")}
    return known.get(code, "–")
