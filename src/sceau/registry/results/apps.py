from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "sceau.registry.results"
    label = "results"

    def ready(self) -> None:
        from sceau.core.audit import checks as audit
        from sceau.registry.results import checks

        audit.register(checks.FACTS)
        audit.register(checks.STANDINGS)
        audit.register(checks.TALLIES)
