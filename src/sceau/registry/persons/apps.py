from django.apps import AppConfig


class PersonsConfig(AppConfig):
    name = "sceau.registry.persons"
    label = "persons"
