from django.apps import AppConfig


class ScreeningsConfig(AppConfig):
    name = "sceau.counter.screenings"
    label = "screenings"
