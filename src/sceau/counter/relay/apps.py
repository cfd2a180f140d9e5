from django.apps import AppConfig


class RelayConfig(AppConfig):
    name = "sceau.counter.relay"
    label = "relay"
