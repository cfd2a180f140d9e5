"""What a scanner reads off a kit's box: GS1 element strings with number (01), lot (10) and expiry (17). Pure."""

from datetime import date
from typing import NamedTuple

import biip
from biip import BiipException

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Gtin


class NotABox(ValueError):
    """What was scanned is no GS1 code of a product."""


class Box(NamedTuple):
    """`gtin` has 14 digits."""

    gtin: Gtin
    lot: str
    expiry: date | None


def read(text: str) -> Box:
    """Raises `NotABox`."""
    try:
        message = biip.parse(text).gs1_message
        told = {element.ai.ai: element for element in message.element_strings} if message else {}
        number = Gtin(told["01"].value)
    except (BiipException, BadCode, KeyError):
        raise NotABox from None
    return Box(number, told["10"].value if "10" in told else "", told["17"].date if "17" in told else None)
