"""Settings of the counter; every one is listed in `docs/reference/settings.md`."""

from sceau.core import config

globals().update(config.common("counter", home="desk"))

INSTALLED_APPS = [
    *config.APPS,
    "sceau.counter.pharmacies",
    "sceau.counter.imports",
    "sceau.counter.relay",
    "sceau.counter.screenings",
    "sceau.counter.patients",
    "sceau.counter.kits",
    "sceau.counter.visits",
    "sceau.counter.checkins",
    "sceau.counter.billing",
    "sceau.counter.kept",
]
REGISTRY_URL = config.setting("REGISTRY_URL", "http://localhost")
REGISTRY_ROOT = config.setting("REGISTRY_ROOT", "")  # public key of the registry's root, hexadecimal
REGISTRY_KEYS = config.setting("REGISTRY_KEYS", "")  # file of the registry's key list, checked against the root
REGIME = config.setting("REGIME", "law")  # the dated rules in force: `law`, or `demo`
SOFTWARE_ID = config.setting("SOFTWARE_ID", "")
SOFTWARE_KEY = config.setting("SOFTWARE_KEY", "")  # PEM, ES256; the relay's process alone has it
OIDC = config.oidc()
PROCRASTINATE_IMPORT_PATHS = [
    "sceau.counter.jobs.relay",
    "sceau.counter.jobs.retention",
    "sceau.counter.jobs.billing",
    "sceau.core.audit.jobs",
]
DOCTORS = ["sceau.counter.billing.doctor.findings"]
BILLING = {  # who issues invoices to the pharmacies, and on which terms
    "NAME": config.setting("BILLING_NAME", ""),
    "SIRET": config.setting("BILLING_SIRET", ""),
    "VAT_NUMBER": config.setting("BILLING_VAT_NUMBER", ""),
    "STREET": config.setting("BILLING_STREET", ""),
    "POSTCODE": config.setting("BILLING_POSTCODE", ""),
    "CITY": config.setting("BILLING_CITY", ""),
    "IBAN": config.setting("BILLING_IBAN", ""),
    "VAT_RATE": config.setting("BILLING_VAT_RATE", "20"),
    "VAT_EXEMPTION": config.setting("BILLING_VAT_EXEMPTION", ""),
    "TERM_DAYS": config.setting("BILLING_TERM_DAYS", "30"),
}
