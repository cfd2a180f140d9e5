"""Every address of the registry."""

from django.urls import include, path

from sceau.core.audit.views import checkpoint
from sceau.core.web.design import design
from sceau.registry.api.urls import urlpatterns as api
from sceau.registry.web.counts.views import counts
from sceau.registry.web.mine.urls import urlpatterns as mine
from sceau.registry.web.software.views import software_list

handler429 = "sceau.core.accounts.pages.limited.page"
urlpatterns = [
    path("", counts, name="counts"),
    path("software/", software_list, name="software_list"),
    path("", include("sceau.core.accounts.urls")),
    path("design/", design, name="design"),
    path("log/checkpoint", checkpoint, name="checkpoint"),
    *mine,
    *api,
]
