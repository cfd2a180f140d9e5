from django.urls import path

from sceau.registry.web.mine import views

urlpatterns = [
    path("my-pharmacy/", views.mine, name="my_pharmacy"),
    path("my-pharmacy/confirm", views.confirm, name="my_pharmacy_confirm"),
    path("my-pharmacy/refuse", views.refuse, name="my_pharmacy_refuse"),
]
