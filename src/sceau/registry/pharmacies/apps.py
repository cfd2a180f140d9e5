from django.apps import AppConfig


class PharmaciesConfig(AppConfig):
    name = "sceau.registry.pharmacies"
    label = "pharmacies"
