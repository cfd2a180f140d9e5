from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    name = "sceau.counter.pharmacies"
    label = "pharmacies"

    def ready(self) -> None:
        from sceau.core.audit.checks import register
        from sceau.counter.pharmacies import checks

        register(checks.MEMBERS)
