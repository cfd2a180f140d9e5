from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "sceau.counter.patients"
    label = "patients"
