from django.urls import path

from sceau.registry.web.deciding import views

urlpatterns = [
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/suspicions/<uuid:pk>/close", views.close_suspicion, name="suspicion_close"),
    path("approvals/<uuid:pk>/", views.approval, name="approval"),
    path("approvals/<uuid:pk>/touch/<slug:act>", views.touch, name="approval_touch"),
    path("approvals/<uuid:pk>/approve", views.approve, name="approval_approve"),
    path("approvals/<uuid:pk>/quota", views.limit, name="approval_quota"),
    path("approvals/<uuid:pk>/decide/<slug:act>", views.decide, name="approval_decide"),
]
