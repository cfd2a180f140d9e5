"""Software of nobody's that passes the conformance bench: what a publisher writes anew in a language of their own.

    connect.py BENCH ROOT CLIENT KEY [FINESS]

BENCH, ROOT and CLIENT stand on the bench's page, KEY is the file with the private half of the key that was uploaded. It needs the
packages cryptography, pyjwt, urllib3 and zstandard, and nothing of Sceau: SPEC.md says each byte, fhir.md each element.
"""

import base64
import hashlib
import json
import os
import struct
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import jwt
import urllib3
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PublicKey, Suite

DETECTED, NOT_DETECTED, INCONCLUSIVE = "260373001", "260415000", "419984006"
NASAL, THROAT = "258500001", "258529004"
XWING = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
POOL = urllib3.PoolManager(retries=False, timeout=60)


class Person(NamedTuple):
    """Whom the bench asks to be sent, and what was found of each part of the test."""

    family: str
    given: str
    born: str
    gender: str
    loinc: str
    found: dict[str, str]
    consent: str = "given"
    specimen: str = NASAL


class Report(NamedTuple):
    """One statement: what is sent, and the same with every result made the same, whose length tells nothing."""

    id: uuid.UUID
    lineage: uuid.UUID
    line: bytes
    blinded: bytes


class Bench:
    """The bench, or the registry: both are spoken to in the same way."""

    def __init__(self, url: str, root: str, client: str, key: str, finess: str) -> None:
        self._url, self._client, self._key, self._finess = url, client, key, finess
        self._signer = Ed25519PrivateKey.generate()  # of a pharmacy: made there, and never leaves it
        self._public = self._envelope_key(bytes.fromhex(root))
        self._awaited: dict[uuid.UUID, bytes] = {}

    def enrol(self, name: str) -> str:
        """Asks for the pharmacy's key. At the bench it is enrolled at once; at the registry its owner compares the fingerprint."""
        now, public = datetime.now(UTC).replace(microsecond=0), self._signer.public_key().public_bytes_raw()
        signed = b"sceau/enrolment/v2\0" + self._finess.encode() + public + struct.pack(">Q", _milliseconds(now))
        asked = {"finess": self._finess, "name": name, "public_key": _b64(public), "proof": _b64(self._signer.sign(signed))}
        answer = self._post("/v1/pharmacies", json.dumps(asked | {"asked_at": now.isoformat()}).encode(), "application/json")
        told = answer.json()
        return f"{told['state']}, {told['fingerprint']}" if answer.status == 200 else f"{told}"

    def send(self, reports: list[Report]) -> None:
        """One envelope, until the registry has it: sending again is sending the same bytes."""
        number, acknowledgement_key, data = uuid.uuid4(), os.urandom(32), b""
        data = self._sealed(number, acknowledgement_key, reports)
        self._awaited[number] = acknowledgement_key
        while (problem := self._problem(data)) is not None:
            print(f"  kept, and sent again: {problem}")

    def outcomes(self) -> None:
        """Asks for the acknowledgement of every envelope, and prints what became of its reports and why."""
        while self._awaited:
            body = json.dumps({"envelopes": [str(each) for each in self._awaited]}).encode()
            answer = self._post("/v1/acknowledgements/search", body, "application/json")
            for one in answer.json()["acknowledgements"]:
                key, sealed = self._awaited.pop(uuid.UUID(one["envelope"])), base64.b64decode(one["sealed_reasons"])
                padded = AESGCM(key).decrypt(sealed[:12], sealed[12:], b"sceau/reasons/v1" + uuid.UUID(one["envelope"]).bytes)
                print(f"  {one['outcomes']} {padded[4 : 4 + int.from_bytes(padded[:4], 'big')].decode()}")
            time.sleep(0.2 if self._awaited else 0)

    def _envelope_key(self, root: bytes) -> bytes:
        """This month's, out of the list that the root key has signed: nobody in between can put another there."""
        told = json.loads(POOL.request("GET", self._url + "/v1/keys").data)
        signed = b"sceau/keys/v2\0" + struct.pack(">H", len(told["envelopes"]))
        for one in told["envelopes"]:
            signed += bytes([len(one["month"])]) + one["month"].encode() + base64.b64decode(one["public"])
        signed += base64.b64decode(told["receipt"]) + base64.b64decode(told["log"])
        Ed25519PublicKey.from_public_bytes(root).verify(base64.b64decode(told["signature"]), signed)
        known = [one for one in told["envelopes"] if one["month"] <= f"{datetime.now(UTC):%Y-%m}"]
        return base64.b64decode(known[-1]["public"])

    def _sealed(self, number: uuid.UUID, acknowledgement_key: bytes, reports: list[Report]) -> bytes:
        header = b"SCEAU\x01" + hashlib.sha256(self._public).digest()[:16] + number.bytes + uuid.UUID(self._client).bytes
        header += self._finess.encode() + struct.pack(">QH", _milliseconds(datetime.now(UTC)), len(reports))
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(self._public[:1184]), X25519PublicKey.from_public_bytes(self._public[1184:])
        )
        info = b"sceau/envelope/v1" + hashlib.sha256(header).digest()
        sealed = header + XWING.encrypt(_body(acknowledgement_key, reports), public, info=info)
        return sealed + self._signer.sign(sealed)

    def _problem(self, data: bytes) -> str | None:
        """Why it has to be sent again; None once it was taken. Raises `ValueError` for what is wrong with the envelope itself."""
        framed, kind = struct.pack(">I", len(data)) + data, "application/vnd.sceau.envelopes"
        try:
            answer = self._post("/v1/envelopes", framed, kind)
        except urllib3.exceptions.HTTPError:
            return "the answer broke off"
        told = answer.json() if answer.status != 200 else answer.json()["envelopes"][0].get("problem")
        if told and told["status"] in (400, 422):
            raise ValueError(told)
        return f"{told['status']} {told['title']}" if told else None

    def _post(self, path: str, body: bytes, kind: str) -> Any:
        headers = {"Authorization": f"Bearer {self._token()}", "Content-Type": kind}
        return POOL.request("POST", self._url + path, body=body, headers=headers)

    def _token(self) -> str:
        """`private_key_jwt` (RFC 7523): an assertion once, for the token's own address. A token lives five minutes: keep it."""
        address, now = self._url + "/oauth/token", datetime.now(UTC)
        claims = {"iss": self._client, "sub": self._client, "aud": address, "jti": str(uuid.uuid4())}
        assertion = jwt.encode(claims | {"iat": now, "exp": now + timedelta(minutes=1)}, self._key, algorithm="ES256")
        form = {"grant_type": "client_credentials", "client_assertion": assertion}
        form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return str(POOL.request("POST", address, body=urlencode(form), headers=headers).json()["access_token"])


def report(person: Person, *, finess: str, issued: datetime, before: Report | None = None) -> Report:
    """A result of somebody; a correction, where one was told before."""
    number = uuid.uuid4()
    lineage = before.lineage if before else number
    same = person._replace(found=dict.fromkeys(person.found, NOT_DETECTED))
    lines = [_line(_resources(one, number, lineage, finess, issued, before), number) for one in (person, same)]
    return Report(number, lineage, *lines)


def cancellation(before: Report, *, issued: datetime) -> Report:
    """It never was; names nobody."""
    number = uuid.uuid4()
    told = _extensions(before.lineage, before) | {"status": "entered-in-error", "code": _coded("http://loinc.org", "11502-2")}
    line = _line([{"resourceType": "DiagnosticReport", **told, "issued": issued.isoformat()}], number)
    return Report(number, before.lineage, line, line)


def _resources(
    person: Person, number: uuid.UUID, lineage: uuid.UUID, finess: str, issued: datetime, before: Report | None
) -> list[dict[str, Any]]:
    """The report first, then what it refers to, in the order of `_line`'s addresses."""
    status, taken = "corrected" if before else "final", (issued - timedelta(minutes=15)).isoformat()
    who, where, sample, *results = ({"reference": _address(number, nth)} for nth in range(1, 4 + len(person.found)))
    told = {"status": status, "code": _coded("http://loinc.org", person.loinc), "subject": who, "effectiveDateTime": taken}
    told |= {"issued": issued.isoformat(), "performer": [where], "specimen": [sample], "result": results}
    name = {"use": "official", "family": person.family, "given": [person.given]}
    department = {"url": "urn:sceau:fhir:department", "valueCode": "93"}
    return [
        {"resourceType": "DiagnosticReport", **_extensions(lineage, before, person.consent), **told},
        {"resourceType": "Patient", "extension": [department], "name": [name], "gender": person.gender, "birthDate": person.born},
        {
            "resourceType": "Organization",
            "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.2", "value": finess}],
            "name": "Pharmacie d'essai",
        },
        {
            "resourceType": "Specimen",
            "type": _coded("http://snomed.info/sct", person.specimen),
            "subject": who,
            "collection": {"collectedDateTime": taken},
        },
        *(
            {
                "resourceType": "Observation",
                "status": status,
                "code": _coded("http://loinc.org", part),
                "subject": who,
                "valueCodeableConcept": _coded("http://snomed.info/sct", result),
                "specimen": sample,
            }
            for part, result in person.found.items()
        ),
    ]


def _extensions(lineage: uuid.UUID, before: Report | None, consent: str = "") -> dict[str, Any]:
    told = [{"url": "urn:sceau:fhir:lineage", "valueUri": lineage.urn}]
    told += [{"url": "urn:sceau:fhir:replaces", "valueUri": before.id.urn}] if before else []
    return {"extension": told + ([{"url": "urn:sceau:fhir:consent", "valueCode": consent}] if consent else [])}


def _line(resources: list[dict[str, Any]], number: uuid.UUID) -> bytes:
    entries = [{"fullUrl": _address(number, nth), "resource": one} for nth, one in enumerate(resources)]
    identifier = {"system": "urn:ietf:rfc:3986", "value": number.urn}
    bundle = {"resourceType": "Bundle", "identifier": identifier, "type": "collection", "entry": entries}
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode()


def _address(number: uuid.UUID, nth: int) -> str:
    return uuid.UUID(int=number.int ^ nth).urn


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _body(acknowledgement_key: bytes, reports: list[Report]) -> bytes:
    """Key, length, reports, zeros: as long as the blinded reports make it."""
    packed, blinded = (_compressed([one[nth] for one in reports]) for nth in (2, 3))
    body = acknowledgement_key + struct.pack(">I", len(packed)) + packed
    room = _size_class(36 + len(blinded) + 128 + 24 * len(reports))
    return body.ljust(max(room, _size_class(len(body))), b"\0")


def _compressed(lines: list[bytes]) -> bytes:
    return zstandard.ZstdCompressor(write_content_size=True).compress(b"\n".join(lines))


def _size_class(length: int) -> int:
    if length <= 2048:
        return 2048
    step = 1 << ((length - 1).bit_length() - 4)
    return -(-length // step) * step


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def main(url: str, root: str, client: str, key: str, finess: str = "930000013") -> None:
    bench, now = Bench(url, root, client, Path(key).read_text(), finess), datetime.now(UTC).replace(microsecond=0)
    print("key of the pharmacy:", bench.enrol("Pharmacie d'essai"))
    told = {name: report(one, finess=finess, issued=now) for name, one in PERSONS.items()}
    wrong = report(PERSONS["corrected"]._replace(found={"94558-4": DETECTED}), finess=finess, issued=now)
    right = report(PERSONS["corrected"], finess=finess, issued=now + timedelta(seconds=1), before=wrong)
    void = cancellation(told["cancelled"], issued=now + timedelta(seconds=1))
    bench.send([*(one for name, one in told.items() if name != "corrected"), wrong])
    bench.send([right, void])
    bench.send([told["duplicate"]])  # as by a double click
    bench.outcomes()


PERSONS = {
    "detected": Person("BANCALIER", "Odile", "1961-02-03", "female", "94558-4", {"94558-4": DETECTED}),
    "not-detected": Person("CORVIGNON", "Tancrède", "1972-05-14", "male", "94558-4", {"94558-4": NOT_DETECTED}),
    "inconclusive": Person("DELMOTRAY", "Philippine", "1983-08-25", "female", "94558-4", {"94558-4": INCONCLUSIVE}),
    "multiplex": Person(
        "FARGUENET",
        "Maxence",
        "1994-11-06",
        "male",
        "97099-6",
        {"97097-0": NOT_DETECTED, "80382-5": DETECTED, "80383-3": NOT_DETECTED},
    ),
    "corrected": Person("GRIVAUDON", "Solange", "1955-01-17", "female", "94558-4", {"94558-4": NOT_DETECTED}),
    "cancelled": Person("HUMBRELOT", "Régis", "1966-04-28", "male", "94558-4", {"94558-4": DETECTED}),
    "duplicate": Person("JOSSERANG", "Bérénice", "1977-07-09", "female", "94558-4", {"94558-4": NOT_DETECTED}),
    "out-of-scope": Person("KERVADEC", "Lubin", "1988-10-20", "male", "78012-2", {"78012-2": DETECTED}, specimen=THROAT),
    "consent-refused": Person("LOMBRISE", "Agathe", "1999-12-30", "female", "72885-7", {"72885-7": DETECTED}, "refused"),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
