from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    name = "sceau.registry.pharmacies"
    label = "pharmacies"

    def ready(self) -> None:
        from sceau.core.audit.checks import register
        from sceau.registry.pharmacies import checks

        register(checks.PHARMACIES)
