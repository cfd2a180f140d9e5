from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "sceau.registry.intake"
    label = "intake"
