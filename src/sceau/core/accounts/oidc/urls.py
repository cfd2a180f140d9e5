"""For the site that has a provider; each answers 404 while none is configured."""

from django.urls import path

from sceau.core.accounts.pages import oidc

urlpatterns = [
    path("accounts/oidc/begin", oidc.begin, name="oidc_begin"),
    path("accounts/oidc/link", oidc.link, name="oidc_link"),
    path("accounts/oidc/unlink", oidc.unlink, name="oidc_unlink"),
    path("accounts/oidc/back", oidc.back, name="oidc_back"),
    path("accounts/oidc/unlock", oidc.unlock, name="oidc_unlock"),
    path("accounts/oidc/touch", oidc.touch, name="oidc_touch"),
]
