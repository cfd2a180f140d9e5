"""Settings of the process that keeps the plain doors: those of the registry, with no page and no address but the doors'."""

from sceau.registry.config.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "sceau.registry.doors.urls"
