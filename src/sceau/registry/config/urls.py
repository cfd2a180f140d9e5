"""Every address of the registry."""

from django.urls import include, path

from sceau.registry.api.urls import urlpatterns as api
from sceau.registry.web.counts.views import counts
from sceau.registry.web.software.views import software_list

urlpatterns = [
    path("", counts, name="counts"),
    path("software/", software_list, name="software_list"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *api,
]
