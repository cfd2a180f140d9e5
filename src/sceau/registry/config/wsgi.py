import os

from django.core.wsgi import get_wsgi_application

from sceau.core.service import collect_seldom
from sceau.core.web.machines import Dispatch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sceau.registry.config.settings")
pages = get_wsgi_application()

from sceau.registry.api.urls import urlpatterns  # noqa: E402 - Django is set up from here on

application = Dispatch(pages, {f"/{address.pattern}" for address in urlpatterns})
collect_seldom()  # what a call makes goes with it
