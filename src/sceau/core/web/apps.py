"""The Django application that brings the shared templates and static files."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """To be listed before `allauth`, whose templates it overrides."""

    name = "sceau.core.web"
    label = "sceau_web"
