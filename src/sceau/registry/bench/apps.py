from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "sceau.registry.bench"
    label = "bench"
