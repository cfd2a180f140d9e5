from django.urls import path

from sceau.counter.web.kits import views

urlpatterns = [
    path("kits/<uuid:pk>/", views.history, name="kit_history"),
]
