"""`GET /v1/openapi.json`: every address for machines, the plain doors among them, as OpenAPI 3.1; shapes come from the code's own."""

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sceau.core.problems import CONTENT_TYPE, ProblemDetails
from sceau.core.sealing.framing import CONTENT_TYPE as ENVELOPES
from sceau.core.wire import Acknowledgements, KeyAnswer, KeyRequest, Receipt, Search
from sceau.registry.api.auth import answer, endpoint
from sceau.registry.submissions.told import SubmissionsTold, SubmissionWhole, TableTold

Json = dict[str, Any]

_SHAPES = [ProblemDetails, Receipt, Search, Acknowledgements, KeyRequest, KeyAnswer, SubmissionsTold, SubmissionWhole, TableTold]
_REF = "#/components/schemas/{name}"
_FINESS = {
    "name": "finess",
    "in": "query",
    "required": True,
    "description": "The establishment for which the software sends.",
    "schema": {"type": "string", "pattern": "^(2[AB]|[0-9]{2})[0-9]{7}$"},
}
_FILTERS = {
    "finess": {"type": "string"},
    "form": {"type": "string", "enum": ["fhir", "hl7v2", "csv"]},
    "since": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
    "before": {"type": "string", "format": "uuid"},
}
_OBJECT = {"type": "object"}
_TEXT = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}


@endpoint("GET")
def openapi(request: HttpRequest) -> HttpResponse:
    return answer(document())


def document() -> Json:
    _, schemas = msgspec.json.schema_components(_SHAPES, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sceau registry", "version": "1"},
        "servers": [{"url": settings.PUBLIC_URL}],
        "paths": _registry() | {path: {"servers": [{"url": settings.DOORS_URL}]} | item for path, item in _doors().items()},
        "components": {"schemas": schemas, "securitySchemes": {"token": _sign_in()}},
    }


def _sign_in() -> Json:
    """OAuth 2 client credentials, the client known by `private_key_jwt`."""
    flow = {"tokenUrl": f"{settings.PUBLIC_URL}/oauth/token", "scopes": {}}
    return {"type": "oauth2", "flows": {"clientCredentials": flow}}


def _registry() -> Json:
    form = dict.fromkeys(("grant_type", "client_assertion_type", "client_assertion"), _TEXT)
    token = {"type": "object", "properties": form, "required": list(form)}
    named = {"name": "submission", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    filters = [{"name": name, "in": "query", "schema": schema} for name, schema in _FILTERS.items()]
    return {
        "/oauth/token": {"post": _open("A token for five minutes", _OBJECT, body={"application/x-www-form-urlencoded": token})},
        "/v1/envelopes": {"post": _closed("Sealed envelopes, framed", _shape(Receipt), body={ENVELOPES: _BYTES})},
        "/v1/acknowledgements/search": {"post": _closed("Acknowledgements", _shape(Acknowledgements), body=_json(Search))},
        "/v1/pharmacies": {"post": _closed("A pharmacy's key is asked for", _shape(KeyAnswer), body=_json(KeyRequest))},
        "/v1/submissions": {"get": _closed("What was sent plain", _shape(SubmissionsTold), parameters=filters)},
        "/v1/submissions/{submission}": {"get": _closed("One of them", _shape(SubmissionWhole), parameters=[named])},
        "/v1/bench": {"get": _bench()},
        "/v1/keys": {"get": _open("The registry's public keys", _OBJECT)},
        "/v1/software": {"get": _open("The list of approved software", _OBJECT)},
        "/v1/openapi.json": {"get": _open("This document", _OBJECT)},
    }


def _bench() -> Json:
    """A sandbox's alone: elsewhere, and for software it does not know, there is nothing."""
    told = _open("What the conformance bench saw of a software", _OBJECT)
    told["responses"]["404"] = {"description": "No sandbox, or no such software"}
    return told | {
        "parameters": [{"name": "id", "in": "query", "required": True, "schema": {"type": "string", "format": "uuid"}}]
    }


def _doors() -> Json:
    fhir, hl7 = "application/fhir+json", "application/hl7-v2"
    bundle = {fhir: _OBJECT, "application/fhir+ndjson": _TEXT}
    return {
        "/fhir": {"post": _door("FHIR R4 bundles", body=bundle, kinds={fhir: _OBJECT}, errors={fhir: _OBJECT})},
        "/fhir/metadata": {"get": _open("CapabilityStatement", _OBJECT, kind=fhir)},
        "/hl7v2": {"post": _door("HL7 v2.5.1 messages", body={hl7: _TEXT}, kinds={hl7: _TEXT})},
        "/csv": {"post": _door("A table", body={"text/csv": _TEXT}, kinds={"application/json": _shape(TableTold)})},
    }


def _shape(kind: type) -> Json:
    return {"$ref": _REF.format(name=kind.__name__)}


def _json(kind: type) -> Json:
    return {"application/json": _shape(kind)}


def _content(kinds: Json) -> Json:
    return {"content": {kind: {"schema": schema} for kind, schema in kinds.items()}}


def _problem() -> Json:
    return {CONTENT_TYPE: _shape(ProblemDetails)}


def _operation(summary: str, responses: Json, *, body: Json | None, more: Json) -> Json:
    asked = {"requestBody": {"required": True} | _content(body)} if body else {}
    return {"summary": summary, "responses": responses} | asked | more


def _told(kinds: Json, errors: Json, *also: str) -> Json:
    """200, and the problems that every address may answer with."""
    wrong = {status: {"description": "A problem"} | _content(errors) for status in ("400", "401", "403", "413", "503", *also)}
    return {"200": {"description": "Done"} | _content(kinds)} | wrong


def _open(summary: str, schema: Json, *, kind: str = "application/json", body: Json | None = None) -> Json:
    return _operation(summary, _told({kind: schema}, _problem()), body=body, more={})


def _closed(summary: str, schema: Json, *, body: Json | None = None, parameters: list[Json] | None = None) -> Json:
    more = {"security": [{"token": []}], "parameters": parameters or []}
    return _operation(summary, _told({"application/json": schema}, _problem(), "404", "429"), body=body, more=more)


def _door(summary: str, *, body: Json, kinds: Json, errors: Json | None = None) -> Json:
    """422: nothing was taken, told in the words in which what was taken is told."""
    responses = _told(kinds, errors or _problem(), "429") | {"422": {"description": "Nothing was taken"} | _content(kinds)}
    return _operation(summary, responses, body=body, more={"security": [{"token": []}], "parameters": [_FINESS]})
