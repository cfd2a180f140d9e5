from django.urls import path

from sceau.counter.web.checkin import views

urlpatterns = [
    path("checkin/poster", views.poster, name="checkin_poster"),
    path("checkin/<uuid:pharmacy>/", views.checkin, name="checkin"),
]
