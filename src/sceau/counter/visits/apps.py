from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "sceau.counter.visits"
    label = "visits"
