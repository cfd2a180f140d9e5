"""`POST /v1/pharmacies`: a pharmacy enrols its signing key with the code that its owner was given."""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.codes.errors import BadCode
from sceau.core.codes.identifiers import Finess
from sceau.core.problems import ProblemType
from sceau.core.sealing.signing import fingerprint
from sceau.core.wire import Enrolment
from sceau.registry.api.auth import answer, approved_software, endpoint, problem
from sceau.registry.pharmacies import actions
from sceau.registry.pharmacies.errors import EnrolmentRefused


@endpoint("POST")
def enrol(request: HttpRequest) -> HttpResponse:
    approved_software(request)
    try:
        asked = msgspec.json.decode(request.body, type=Enrolment)
        finess = Finess(asked.finess)
    except (msgspec.DecodeError, BadCode):
        return problem(ProblemType.BAD_REQUEST)
    try:
        actions.enrol(finess, name=asked.name, public_key=asked.public_key, proof=asked.proof, code=asked.code, at=timezone.now())
    except EnrolmentRefused:
        return problem(ProblemType.ENROLMENT_REFUSED)
    return answer({"finess": str(finess), "fingerprint": fingerprint(asked.public_key)})
