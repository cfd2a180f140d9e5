from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "sceau.registry.approvals"
    label = "approvals"

    def ready(self) -> None:
        from sceau.core.audit.checks import register
        from sceau.registry.approvals import checks

        register(checks.SOFTWARE)
        register(checks.KEYS)
