from django.apps import AppConfig


class KitsConfig(AppConfig):
    name = "sceau.counter.kits"
    label = "kits"
