"""Django's sessions, but for one thing: a late request of a session that is over does not sign out who came after it."""

from django.conf import settings
from django.contrib.sessions import middleware
from django.http import HttpRequest, HttpResponse


class SessionMiddleware(middleware.SessionMiddleware):
    """Django has the browser drop the cookie of a session it does not find. At a workstation where colleagues switch, the cookie
    that the browser has by then may be the next person's.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response = super().process_response(request, response)
        if getattr(request, "came_dead", False) and request.session.is_empty():
            response.cookies.pop(settings.SESSION_COOKIE_NAME, None)
        return response
