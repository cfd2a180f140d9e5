"""What is sealed opens as it was; what was touched anywhere does not open."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.sealing import samples
from tests.core.sealing.samples import read_envelope

from sceau.core.codes.identifiers import Finess
from sceau.core.sealing import signing, suite
from sceau.core.sealing.errors import Flaw, SealingError
from sceau.core.sealing.header import HEADER_LENGTH, Header
from sceau.core.sealing.open import open_envelope, open_reasons, open_row
from sceau.core.sealing.rows import Place
from sceau.core.sealing.seal import pad, seal_envelope, seal_reasons, seal_row

LINES = st.lists(st.binary(min_size=1, max_size=300).map(lambda line: line.replace(b"\n", b" ")), min_size=1, max_size=30)
KEY = bytes(range(32))
PLACE = Place("patients", "row", "sealed", "69", "2026-11-23")
WHOLE = samples.envelope([b"A neutral line.", b"Another."]).data


@given(LINES)
def test_an_envelope_opens_as_it_was_sealed(lines: list[bytes]) -> None:
    sealed = samples.envelope(lines)
    opened = read_envelope(sealed.data)
    assert opened == (samples.header(len(lines)), sealed.acknowledgement_key, lines)


@given(
    st.binary(min_size=16, max_size=16),
    st.uuids(),
    st.uuids(),
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 as hypothesis wants them
    st.integers(1, 1000),
)
def test_a_header_reads_back_to_the_millisecond(key: bytes, envelope: object, software: object, at: datetime, count: int) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    header = Header(key, envelope, software, Finess("2A0000014"), at, count)  # type: ignore[arg-type]  # `uuids` is untyped
    assert len(header.pack()) == HEADER_LENGTH == 73
    assert Header.parse(header.pack()) == header


def test_the_same_reports_sealed_twice_share_neither_key_nor_bytes_after_the_header() -> None:
    one, two = samples.envelope([b"line"]), samples.envelope([b"line"])
    assert one.acknowledgement_key != two.acknowledgement_key
    assert one.data[HEADER_LENGTH : HEADER_LENGTH + 32] != two.data[HEADER_LENGTH : HEADER_LENGTH + 32]


@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_any_byte_changed_anywhere_is_refused(mask: int) -> None:
    for position in range(len(WHOLE)):
        with pytest.raises(SealingError):
            read_envelope(_changed(WHOLE, position, mask))


def test_any_byte_changed_before_the_signature_does_not_open_even_if_signed_anew() -> None:
    for position in range(len(WHOLE) - signing.SIGNATURE_LENGTH):
        with pytest.raises(SealingError) as caught:
            open_envelope(_changed(WHOLE, position, 0x01), samples.REGISTRY)
        assert position < HEADER_LENGTH or caught.value.flaw is Flaw.CANNOT_OPEN


def test_any_truncation_is_refused() -> None:
    for length in range(len(WHOLE)):
        with pytest.raises(SealingError) as caught:
            read_envelope(WHOLE[:length])
        assert caught.value.flaw is (Flaw.TRUNCATED if length < HEADER_LENGTH else Flaw.BAD_SIGNATURE)


@given(st.binary(max_size=200))
def test_what_is_no_envelope_is_refused_and_nothing_else_is_raised(data: bytes) -> None:
    for reading in (read_envelope, lambda data: open_envelope(data, samples.REGISTRY)):
        with pytest.raises(SealingError):
            reading(data)


@pytest.mark.parametrize(("count", "blinded"), [(1, 2), (3, 2), (2, 1), (2, 3)])
def test_nothing_is_sealed_whose_count_differs_from_the_header(count: int, blinded: int) -> None:
    public, signer = suite.public_key(samples.REGISTRY_PUBLIC), signing.signer(samples.PHARMACY_SEED)
    with pytest.raises(ValueError, match="counts"):
        seal_envelope(samples.header(count), [b"line"] * 2, [b"line"] * blinded, registry=public, signer=signer)


@given(st.binary(max_size=3000))
def test_a_row_opens_as_it_was_sealed(text: bytes) -> None:
    assert open_row(KEY, seal_row(KEY, text, PLACE), PLACE) == text


PLACES = st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=8)] * 5).map(lambda parts: Place(*parts))


@given(PLACES, PLACES)
def test_a_row_opens_at_its_own_place_only(place: Place, other: Place) -> None:
    sealed = seal_row(KEY, b"text", place)
    assert (place.aad() == other.aad()) == (place == other)
    if place != other:
        with pytest.raises(SealingError, match="cannot-open"):
            open_row(KEY, sealed, other)


@pytest.mark.parametrize("part", Place._fields)
def test_a_row_does_not_open_where_one_part_of_its_place_differs(part: str) -> None:
    with pytest.raises(SealingError, match="cannot-open"):
        open_row(KEY, seal_row(KEY, b"text", PLACE), PLACE._replace(**{part: "other"}))


def test_any_byte_of_a_row_changed_or_missing_is_refused() -> None:
    sealed = seal_row(KEY, b"text", PLACE)
    for position in range(len(sealed)):
        for touched in (_changed(sealed, position, 0x10), sealed[:position]):
            with pytest.raises(SealingError):
                open_row(KEY, touched, PLACE)


def test_reasons_open_for_their_envelope_only() -> None:
    sealed = seal_reasons(KEY, b"reasons", samples.ENVELOPE)
    assert open_reasons(KEY, sealed, samples.ENVELOPE) == b"reasons"
    with pytest.raises(SealingError, match="cannot-open"):
        open_reasons(KEY, sealed, samples.SOFTWARE)
    with pytest.raises(SealingError, match="cannot-open"):
        open_reasons(bytes(32), sealed, samples.ENVELOPE)


def test_reasons_are_no_row_and_a_row_is_no_reasons() -> None:
    with pytest.raises(SealingError):
        open_row(KEY, seal_reasons(KEY, b"reasons", samples.ENVELOPE), PLACE)
    with pytest.raises(SealingError):
        open_reasons(KEY, seal_row(KEY, b"text", PLACE)[1:], samples.ENVELOPE)


@given(st.integers(0, 5000))
def test_the_length_of_a_row_tells_a_class_only(length: int) -> None:
    size = len(pad(bytes(length)))
    assert size in (256, 512, 1024, 2048) or (size > 2048 and size % 256 == 0)


def _changed(data: bytes, position: int, mask: int) -> bytes:
    return data[:position] + bytes([data[position] ^ mask]) + data[position + 1 :]
