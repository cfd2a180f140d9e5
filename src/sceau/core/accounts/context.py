"""What every page knows: which service it belongs to."""

from django.conf import settings
from django.http import HttpRequest


def service(request: HttpRequest) -> dict[str, str]:
    return {"service": settings.SERVICE}
