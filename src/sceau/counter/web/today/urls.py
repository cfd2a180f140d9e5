from django.urls import include, path

from sceau.counter.web.today.views import requeue, today, undo

urlpatterns = [
    path("", today, name="today"),
    path("envelopes/", include(([path("<uuid:pk>/requeue", requeue, name="requeue")], "relay"))),
    path("imports/", include(([path("<uuid:pk>/undo", undo, name="undo")], "imports"))),
]
