from django.urls import path

from sceau.registry.web.operations import views

urlpatterns = [
    path("operations/", views.operations, name="operations"),
    path("operations/replay", views.replay, name="operations_replay"),
]
