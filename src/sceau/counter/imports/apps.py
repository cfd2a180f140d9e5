from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "sceau.counter.imports"
    label = "imports"
