from django.apps import AppConfig


class CheckInsConfig(AppConfig):
    name = "sceau.counter.checkins"
    label = "checkins"
