from django.apps import AppConfig


class ScreeningsConfig(AppConfig):
    name = "sceau.counter.screenings"
    label = "screenings"

    def ready(self) -> None:
        from sceau.core.audit.checks import register
        from sceau.counter.screenings import checks

        register(checks.OUTCOMES)
