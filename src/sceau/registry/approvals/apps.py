from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "sceau.registry.approvals"
    label = "approvals"
