import os

import django

from sceau.core.web.machines import MachineHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sceau.registry.config.doors")
django.setup(set_prefix=False)

application = MachineHandler()
