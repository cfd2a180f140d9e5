from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "sceau.registry.submissions"
    label = "submissions"

    def ready(self) -> None:
        from sceau.core.audit.checks import register
        from sceau.registry.submissions import checks

        register(checks.SENDER)
