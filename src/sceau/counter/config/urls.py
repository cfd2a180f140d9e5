"""Every address of the counter."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from sceau.core.accounts.oidc.urls import urlpatterns as oidc
from sceau.core.audit.views import checkpoint
from sceau.core.web.design import design
from sceau.counter.web.activity.urls import urlpatterns as activity
from sceau.counter.web.away.urls import urlpatterns as away
from sceau.counter.web.billing.urls import urlpatterns as billing
from sceau.counter.web.checkin.urls import urlpatterns as checkin
from sceau.counter.web.desk.urls import urlpatterns as desk
from sceau.counter.web.imports.urls import urlpatterns as imports
from sceau.counter.web.kits.urls import urlpatterns as kits
from sceau.counter.web.opening.urls import urlpatterns as opening
from sceau.counter.web.pharmacy.urls import urlpatterns as pharmacy
from sceau.counter.web.result.urls import urlpatterns as result
from sceau.counter.web.staff.urls import urlpatterns as staff
from sceau.counter.web.today.urls import urlpatterns as today


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """For whoever starts the service: it answers."""
    return HttpResponse("ok", content_type="text/plain")


handler429 = "sceau.core.accounts.pages.limited.page"
urlpatterns = [
    *today,
    *desk,
    *away,
    *checkin,
    *imports,
    *kits,
    *activity,
    *billing,
    *result,
    *staff,
    *opening,
    path("design/", design, name="design"),
    *pharmacy,
    path("log/checkpoint", checkpoint, name="checkpoint"),
    path("health", alive, name="alive"),
    *oidc,
    path("", include("sceau.core.accounts.urls")),
]
