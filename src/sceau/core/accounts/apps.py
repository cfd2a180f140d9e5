from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sceau.core.accounts"
    label = "accounts"
