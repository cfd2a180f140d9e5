from django.urls import path

from sceau.counter.web.result import views

urlpatterns = [
    path("results/<uuid:pk>/", views.result, name="result"),
    path("results/<uuid:pk>/proof", views.proof, name="result_proof"),
    path("results/<uuid:pk>/correct", views.correct, name="result_correct"),
    path("results/<uuid:pk>/cancel", views.cancel, name="result_cancel"),
]
