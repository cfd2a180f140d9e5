"""Fields that the forms of both services share: what people write becomes a date or a telephone number here, or is refused."""

import re
from datetime import date
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_DIGITS = re.compile(r"\D")
_FRANCE = 33


class DateField(forms.CharField):
    """A date typed as eight digits, with or without marks between."""

    def to_python(self, value: Any) -> Any:
        if not value or isinstance(value, date):
            return value or None
        if (told := written_date(str(value))) is None:
            raise ValidationError(_("Type day, month and year: 12031985"))
        return told

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def written_date(written: str) -> date | None:
    """Day, month and year in eight digits; None for anything else."""
    digits = _DIGITS.sub("", written)
    try:
        return date(int(digits[4:8]), int(digits[2:4]), int(digits[:2])) if len(digits) == 8 else None
    except ValueError:
        return None


def telephone(written: str) -> str | None:
    """E.164 of a number as written in France, or with its country; None for nothing. Raises `ValidationError`."""
    if not written.strip():
        return None
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("This is not a telephone number: 06 12 34 56 78, or +41 44 668 18 00 from abroad"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_dialled(number: str) -> str:
    """An E.164 number as people in France read it: 06 12 34 56 78, or +41 44 668 18 00; as it is where it is no number."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if parsed.country_code == _FRANCE else form.INTERNATIONAL)
