from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    name = "sceau.counter.pharmacies"
    label = "pharmacies"
