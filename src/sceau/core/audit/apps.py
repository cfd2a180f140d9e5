from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "sceau.core.audit"
    label = "audit"

    def ready(self) -> None:
        from sceau.core.audit import signs

        signs.connect()
