from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "sceau.registry.contacts"
    label = "contacts"
