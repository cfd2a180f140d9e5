from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "sceau.registry.cases"
    label = "cases"
