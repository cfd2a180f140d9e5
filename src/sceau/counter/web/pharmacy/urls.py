from django.urls import path

from sceau.counter.web.pharmacy import views

urlpatterns = [
    path("pharmacy/", views.pharmacy, name="pharmacy"),
    path("pharmacy/look", views.look, name="pharmacy_look"),
    path("pharmacy/ask", views.ask, name="pharmacy_ask"),
    path("pharmacy/controls", views.ask_controls, name="pharmacy_controls"),
    path("pharmacy/workstations/add", views.add_workstation, name="workstation_add"),
    path("pharmacy/workstations/<uuid:slot>/end", views.end_workstation, name="workstation_end"),
]
