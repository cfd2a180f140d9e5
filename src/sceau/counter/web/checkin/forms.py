"""What a person is asked on their own phone: the counter's form, with fewer questions and in their own words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from sceau.counter.checkins.answers import Answers
from sceau.counter.web.desk.forms import PatientForm

_ASKED = {
    "family": gettext_lazy("Your birth name"),
    "given": gettext_lazy("Your first names"),
    "born": gettext_lazy("Your birth date"),
    "symptoms": gettext_lazy("Do you have symptoms?"),
    "consent": gettext_lazy("May your identity be kept with the result?"),
}


class CheckInForm(PatientForm):
    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        for name in self.fields.keys() - Answers.__struct_fields__:
            self.fields[name].widget = self.fields[name].hidden_widget()
        for name in self.fields.keys() & _ASKED.keys():
            self.fields[name].label = _ASKED[name]

        self.fields["symptoms"].choices = [("", gettext_lazy("not said")), *self.fields["symptoms"].choices[1:]]  # type: ignore[attr-defined]

    def answers(self) -> Answers:
        """As typed."""
        return Answers(**{name: str(self.data.get(name, ""))[:200] for name in Answers.__struct_fields__})
