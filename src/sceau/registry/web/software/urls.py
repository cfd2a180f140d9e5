from django.urls import path

from sceau.registry.web.software import views

urlpatterns = [
    path("software/", views.software_list, name="software_list"),
    path("software/report", views.report, name="software_report"),
    path("software/<uuid:pk>/", views.software, name="software_history"),
]
