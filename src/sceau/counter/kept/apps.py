from django.apps import AppConfig


class KeptConfig(AppConfig):
    name = "sceau.counter.kept"
    label = "kept"
