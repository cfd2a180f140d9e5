"""Settings that both Django projects share. Secrets come from `NAME` or, better, from the file that `NAME_FILE` names.

Closed by default: every page needs a sign-in with a second factor; the public ones are listed in `tests/rules`.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from sceau.core import logs


class MissingSetting(SystemExit):
    """The service cannot start; says which setting is missing and how to give it."""


def setting(name: str, default: str | None = None) -> str:
    """The environment's `name`, or the content of the file named by `name_FILE`, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSetting(f"{name} is missing: set {name}, or {name}_FILE to a file that holds it.")
    return value


def database(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    return {
        "ENGINE": "sceau.core.database",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,  # `core/database` looks at a connection instead
        "OPTIONS": {"prepare_threshold": 0, "pool": {"min_size": 1, "max_size": 6, "timeout": 10}},
    }


MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "sceau.core.accounts.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sceau.core.accounts.unlocking.middleware",
    "sceau.core.accounts.middleware.KeyholderAway",
    "sceau.core.accounts.middleware.second_factor_required",
]

MACHINES_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "sceau.core.web.machines.content_policy",
    "sceau.core.web.machines.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""Those of `MIDDLEWARE` that an address for machines needs: it knows no session, no cookie and no person."""

APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "sceau.core.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "sceau.core.accounts",
    "sceau.core.audit",
]

_PACKAGE = Path(__file__).resolve().parents[1]


def common(service: str, home: str) -> dict[str, Any]:
    """The settings of `service` (`counter` or `registry`), whose first page is the URL name `home`."""
    return {
        "SERVICE": service,
        "DEBUG": False,
        "SECRET_KEY": setting("SECRET_KEY"),
        "AUDIT_WITNESS": setting("AUDIT_WITNESS", ""),  # file or address that checkpoints are told to
        "KEYHOLDER": setting("KEYHOLDER", ""),  # the socket of this process at the keyholder
        "ALLOWED_HOSTS": setting("ALLOWED_HOSTS", "localhost,127.0.0.1").split(","),
        "CSRF_TRUSTED_ORIGINS": [origin for origin in setting("CSRF_TRUSTED_ORIGINS", "").split(",") if origin],
        "DATABASES": {"default": database(setting("DATABASE_URL"))},
        "ROOT_URLCONF": f"sceau.{service}.config.urls",
        "WSGI_APPLICATION": f"sceau.{service}.config.wsgi.application",
        "MIDDLEWARE": MIDDLEWARE,
        "MACHINES_MIDDLEWARE": MACHINES_MIDDLEWARE,
        "TEMPLATES": _templates(service),
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        **_signing_in(home),
        **_language(),
        **_browser(service),
        **_uploads(),
        **_mail(),
        "LOGGING": _logging(),
    }


def _templates(service: str) -> list[dict[str, Any]]:
    processors = ("request", "i18n")
    names = [f"django.template.context_processors.{name}" for name in processors]
    names += ["django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]
    areas = sorted((_PACKAGE / service / "web").glob("*/templates"))
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [_PACKAGE / "core" / "web" / "templates", *areas],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [*names, "sceau.core.accounts.context.service"]},
        }
    ]


def _signing_in(home: str) -> dict[str, Any]:
    return {
        "AUTH_USER_MODEL": "accounts.User",
        "AUTHENTICATION_BACKENDS": ["sceau.core.accounts.backends.SlotBackend"],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": home,
        "AUTH_PASSWORD_VALIDATORS": _passwords(),
        "ACCOUNT_FORMS": {
            "login": "sceau.core.accounts.forms.SignInForm",
            "change_password": "sceau.core.accounts.forms.PasswordForm",
        },
        "ACCOUNT_ADAPTER": "sceau.core.accounts.adapters.AccountAdapter",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_USER_MODEL_EMAIL_FIELD": None,  # sealed: `accounts/people.py`
        "ACCOUNT_USER_DISPLAY": "sceau.core.accounts.models.display",
        "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",  # they name colleagues: never in the sessions' table
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_EMAIL_NOTIFICATIONS": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_PREVENT_ENUMERATION": True,
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_RATE_LIMITS": {
            "login": "60/m/ip",
            "login_failed": "10/h/key,30/10m/ip",
            "recover": "30/m/ip",
            "passkey": "120/m/ip",
            "provider": "60/m/ip",
            "register": "5/h/ip",
            "suspicion": "5/h/ip",
            "second_factor": "5/h/key",
        },
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1
        if setting("TLS_PROXY", "") == "1"
        else 0,  # whose tries are counted: `accounts/limits.py`
        "MFA_FORMS": {
            "authenticate": "sceau.core.accounts.forms.SecondFactorForm",
            "reauthenticate": "sceau.core.accounts.forms.SecondFactorAgainForm",
        },
        "CACHES": {"default": {"BACKEND": "sceau.core.accounts.shared_cache.SharedCache"}},
        "MFA_ADAPTER": "sceau.core.accounts.adapters.MfaAdapter",
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "MFA_TOTP_ISSUER": "Sceau",
        "SESSION_COOKIE_AGE": int(timedelta(hours=12).total_seconds()),
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
    }


def oidc() -> dict[str, str]:
    """The OpenID Connect provider; without an issuer there is none."""
    return {
        "ISSUER": setting("OIDC_ISSUER", ""),
        "CLIENT_ID": setting("OIDC_CLIENT_ID", ""),
        "CLIENT_SECRET": setting("OIDC_CLIENT_SECRET", ""),
        "NAME": setting("OIDC_NAME", "OpenID Connect"),
        "SCOPE": setting("OIDC_SCOPE", "openid"),
        "ACR": setting("OIDC_ACR", ""),
    }


def _passwords() -> list[dict[str, Any]]:
    path = "django.contrib.auth.password_validation"
    length = {"NAME": f"{path}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}
    return [length, *({"NAME": f"{path}.{name}Validator"} for name in ("CommonPassword", "NumericPassword"))]


def _language() -> dict[str, Any]:
    return {
        "LANGUAGE_CODE": "fr",
        "LANGUAGES": [("fr", "Français"), ("en", "English")],
        "LOCALE_PATHS": [_PACKAGE / "locale"],
        "TIME_ZONE": "Europe/Paris",
        "USE_TZ": True,
        "USE_THOUSAND_SEPARATOR": True,
    }


def _browser(service: str) -> dict[str, Any]:
    """Cookies, headers and files. `SCEAU_INSECURE_HTTP=1` is for loopback without TLS: the demo and the tests."""
    secure = setting("SCEAU_INSECURE_HTTP", "") != "1"
    policy = {"default-src": [NONE], "script-src": [SELF, NONCE], "style-src": [SELF], "img-src": [SELF, "data:"]}
    policy |= {"font-src": [SELF], "connect-src": [SELF], "form-action": [SELF], "frame-ancestors": [NONE], "base-uri": [NONE]}
    return {
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": policy},
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "UNLOCK_COOKIE_NAME": "__Host-unlock" if secure else "unlock",
        "CSRF_COOKIE_NAME": "__Host-csrf" if secure else "csrf",
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": secure,
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if setting("TLS_PROXY", "") == "1" else None,
        "SECURE_HSTS_SECONDS": 31_536_000 if secure else 0,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": sorted((_PACKAGE / service / "web").glob("*/static")),
        "STATIC_ROOT": setting("STATIC_ROOT", ""),
        "WHITENOISE_USE_FINDERS": True,
    }


def _mail() -> dict[str, Any]:
    """A mail server; else a folder that e-mails are written to (the demo's); else none is sent."""
    host, folder = setting("EMAIL_HOST", ""), setting("EMAIL_FOLDER", "")
    backend = "smtp" if host else "filebased" if folder else "dummy"
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
        "EMAIL_FILE_PATH": folder or None,
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(setting("EMAIL_PORT", "465")),
        "EMAIL_HOST_USER": setting("EMAIL_USER", ""),
        "EMAIL_HOST_PASSWORD": setting("EMAIL_PASSWORD", ""),
        "EMAIL_USE_SSL": host not in ("", "localhost", "127.0.0.1"),
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": setting("EMAIL_FROM", "sceau@localhost"),
    }


def _uploads() -> dict[str, Any]:
    """What is uploaded stays in memory, bounded, and never touches a disk."""
    return {
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 50 * 1024 * 1024,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 16 * 1024 * 1024,
    }


def _logging() -> dict[str, Any]:
    """One line an event on stderr, from an allow-list of keys; see `core/logs.py`."""
    logs.configure()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "sceau.core.logs.formatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {name: {"level": "WARNING"} for name in ("django", "procrastinate", "weasyprint", "fontTools", "factur-x")},
    }
