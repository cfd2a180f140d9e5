"""`POST /v1/pharmacies`: a pharmacy asks that its signing key be enrolled, and how that stands. Its owner decides, on a page here."""

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.codes.errors import BadCode
from sceau.core.problems import ProblemType
from sceau.core.sealing.signing import fingerprint
from sceau.core.wire import KeyAnswer, KeyRequest
from sceau.registry.api.auth import answer, approved_software, endpoint, problem
from sceau.registry.pharmacies import keys
from sceau.registry.pharmacies.errors import EnrolmentRefused, TooManyRequests


@endpoint("POST")
def ask(request: HttpRequest) -> HttpResponse:
    software = approved_software(request)
    try:
        asked = msgspec.json.decode(request.body, type=KeyRequest)
        ask_for = keys.enrol_at_once if settings.SANDBOX_OF else keys.ask
        state = ask_for(asked, software=software, at=timezone.now())
    except msgspec.DecodeError as error:
        return problem(ProblemType.BAD_REQUEST, str(error))
    except BadCode as error:
        return problem(ProblemType.BAD_REQUEST, f"$.finess: {error.reason}")
    except EnrolmentRefused:
        return problem(ProblemType.ENROLMENT_REFUSED)
    except TooManyRequests:
        return problem(ProblemType.TOO_MANY_REQUESTS)
    return answer(KeyAnswer(state=state, fingerprint=fingerprint(asked.public_key)))
