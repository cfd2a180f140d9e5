from django.urls import path

from sceau.counter.web.opening import views

urlpatterns = [path("open/", views.opening, name="opening")]
