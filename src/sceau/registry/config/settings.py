"""Settings of the registry; every one is listed in `docs/reference/settings.md`."""

from sceau.core import config

globals().update(config.common("registry", home="counts"))

INSTALLED_APPS = [
    *config.APPS,
    "sceau.registry.approvals",
    "sceau.registry.pharmacies",
    "sceau.registry.intake",
    "sceau.registry.results",
    "sceau.registry.persons",
    "sceau.registry.cases",
    "sceau.registry.submissions",
    "sceau.registry.contacts",
    "sceau.registry.agents",
    "sceau.registry.bench",
]
MIDDLEWARE = [*config.MIDDLEWARE, "sceau.registry.web.confined.Confined"]
SANDBOX_OF = config.setting("SANDBOX_OF", "")
BENCH_URL, BENCH_ROOT = config.setting("BENCH_URL", ""), config.setting("BENCH_ROOT", "")
if SANDBOX_OF:
    MACHINES_MIDDLEWARE = [*config.MACHINES_MIDDLEWARE, "sceau.registry.api.faults.Faults"]
DOCTORS = ["sceau.core.mail.findings", "sceau.registry.persons.queue.findings", "sceau.registry.approvals.announcing.findings"]
PUBLIC_URL = config.setting("PUBLIC_URL", "http://localhost")
MLLP_CERTIFICATE = config.setting("MLLP_CERTIFICATE", "")
MLLP_KEY = config.setting("MLLP_KEY", "")
MLLP_CLIENTS = config.setting("MLLP_CLIENTS", "")
DOORS_URL = config.setting("DOORS_URL", "http://localhost")
DECISIONS_EMAIL = config.setting("DECISIONS_EMAIL", "")
REGISTRY_KEYS = config.setting("REGISTRY_KEYS", "")
REGISTRY_ROOT = config.setting("REGISTRY_ROOT", "")
PROCRASTINATE_IMPORT_PATHS = [
    "sceau.registry.jobs.intake",
    "sceau.registry.jobs.contacts",
    "sceau.registry.jobs.decisions",
    "sceau.registry.jobs.duplicates",
    "sceau.registry.jobs.notices",
    "sceau.registry.jobs.replay",
    "sceau.registry.jobs.retention",
    "sceau.core.audit.jobs",
]
