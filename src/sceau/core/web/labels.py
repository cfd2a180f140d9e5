"""Words that the pages of both services share, in the language of the page."""

from django.utils.translation import gettext as _

from sceau.core.codes.loinc import Disease


def disease(which: Disease) -> str:
    return {
        Disease.COVID_19: _("COVID-19"),
        Disease.INFLUENZA_A: _("Influenza A"),
        Disease.INFLUENZA_B: _("Influenza B"),
        Disease.RSV: _("RSV"),
        Disease.STREP_A: _("Group A streptococcus"),
    }[which]
