from django.urls import path

from sceau.registry.api.acknowledgements import search
from sceau.registry.api.bench import bench
from sceau.registry.api.envelopes import envelopes
from sceau.registry.api.openapi import openapi
from sceau.registry.api.pharmacies import ask
from sceau.registry.api.public import alive, keys, software
from sceau.registry.api.submissions import submission, submissions
from sceau.registry.api.token import token

urlpatterns = [
    path("oauth/token", token, name="token"),
    path("v1/envelopes", envelopes, name="envelopes"),
    path("v1/acknowledgements/search", search, name="acknowledgements"),
    path("v1/pharmacies", ask, name="ask_key"),
    path("v1/submissions", submissions, name="submissions"),
    path("v1/submissions/<uuid:submission>", submission, name="submission"),
    path("v1/openapi.json", openapi, name="openapi"),
    path("v1/keys", keys, name="keys"),
    path("v1/bench", bench, name="bench_seen"),
    path("v1/software", software, name="software"),
    path("health", alive, name="alive"),
]
