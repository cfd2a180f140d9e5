"""Every address of the registry."""

from django.urls import include, path

from sceau.core.audit.views import checkpoint
from sceau.core.web.design import design
from sceau.registry.api.urls import urlpatterns as api
from sceau.registry.web.agents.urls import urlpatterns as agents
from sceau.registry.web.counts.views import counts
from sceau.registry.web.deciding.urls import urlpatterns as deciding
from sceau.registry.web.mine.urls import urlpatterns as mine
from sceau.registry.web.operations.urls import urlpatterns as operations
from sceau.registry.web.publishing.urls import urlpatterns as publishing
from sceau.registry.web.software.urls import urlpatterns as software
from sceau.registry.web.tracing.urls import urlpatterns as tracing

handler429 = "sceau.core.accounts.pages.limited.page"
urlpatterns = [
    *api,  # first: machines ask thousands of times a minute
    path("", counts, name="counts"),
    path("", include("sceau.core.accounts.urls")),
    path("design/", design, name="design"),
    path("log/checkpoint", checkpoint, name="checkpoint"),
    *mine,
    *software,
    *publishing,
    *deciding,
    *operations,
    *tracing,
    *agents,
]
