from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "sceau.core.accounts"
    label = "accounts"

    def ready(self) -> None:
        from sceau.core.accounts import checks
        from sceau.core.audit.checks import register

        register(checks.USERS)
