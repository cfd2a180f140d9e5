from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "sceau.registry.results"
    label = "results"
