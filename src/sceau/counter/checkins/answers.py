"""What a person told on their phone, as typed: it is looked at when it is verified at the counter, like anything typed there."""

import msgspec


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of the counter's form for somebody new."""

    family: str = ""
    given: str = ""
    born: str = ""
    sex: str = ""
    phone: str = ""
    email: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    symptoms: str = ""
    consent: str = ""

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def decode(cls, data: bytes) -> "Answers":
        """Raises `msgspec.MsgspecError`."""
        return msgspec.json.decode(data, type=cls)
