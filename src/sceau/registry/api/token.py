"""`POST /oauth/token`: client credentials with `private_key_jwt`."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sceau.core.keyholder.access_token import LIFETIME
from sceau.core.problems import ProblemType
from sceau.registry.api.auth import answer, endpoint, problem
from sceau.registry.approvals import tokens
from sceau.registry.bench import mirror

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@endpoint("POST")
def token(request: HttpRequest) -> HttpResponse:
    form = request.POST
    if form.get("grant_type") != "client_credentials" or form.get("client_assertion_type") != _ASSERTION:
        return problem(ProblemType.BAD_REQUEST)
    assertion, at = form.get("client_assertion", ""), timezone.now()
    if settings.SANDBOX_OF:
        mirror.refresh(assertion, at=at)
    access = tokens.issue(assertion, at=at)
    return answer({"access_token": access, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())})
