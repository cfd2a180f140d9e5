from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "sceau.registry.intake"
    label = "intake"

    def ready(self) -> None:
        from sceau.core.audit.checks import register
        from sceau.registry.intake import checks

        register(checks.COUNTERS)
