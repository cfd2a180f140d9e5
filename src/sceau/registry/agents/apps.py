from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "sceau.registry.agents"
    label = "agents"
