"""What each process's database role may touch, and nothing more. Applied after migrations by `sceau counter grant`.

The worker reads envelopes and states, and makes invoices; it has no right to the pharmacies' own copies.
"""

from sceau.core.grants import ADD, ALL, CHANGE, READ, SEQUENCER

WEB = {
    "accounts_user": CHANGE,
    "accounts_slot": ALL,
    "accounts_passkey": ALL,
    "accounts_link": ALL,
    "accounts_remembered": ALL,
    "account_emailaddress": READ,
    "account_emailconfirmation": READ,
    "mfa_authenticator": ALL,
    "django_session": ALL,
    "django_content_type": READ,
    "pharmacies_pharmacy": CHANGE,
    "pharmacies_enrolment": CHANGE,
    "pharmacies_member": ALL,
    "pharmacies_epoch": ADD,
    "pharmacies_memberkey": "select, insert, delete",
    "pharmacies_boxkey": "select, insert, delete",
    "pharmacies_workstation": "select, insert, delete",
    "billing_charge": READ,
    "billing_customer": CHANGE,
    "billing_invoice": READ,
    "billing_price": READ,
    "checkins_checkin": CHANGE,
    "imports_import": CHANGE,
    "kept_entry": CHANGE,
    "kits_control": "select, insert, update (override)",
    "kits_kit": CHANGE,
    "patients_card": "select, insert, delete",
    "relay_envelope": ALL,
    "screenings_screening": ALL,
    "visits_visit": CHANGE,
}
WORKER = {
    **SEQUENCER,
    "pharmacies_enrolment": "select, update",
    "pharmacies_member": READ,
    "relay_envelope": "select, update, delete",
    "screenings_screening": "select (id, envelope_id, position, outcome, day, void), update (outcome), delete",
    "pharmacies_pharmacy": READ,
    "billing_charge": ALL,
    "billing_customer": READ,
    "billing_invoice": ADD,
    "billing_price": READ,
    "billing_series": CHANGE,
    "imports_import": "select (id, day), delete",
    "checkins_checkin": "select (id, day), delete",
    "kept_entry": "select (id, day), delete",
    "patients_card": "select (id, day), delete",
    "pharmacies_boxkey": "select, delete",
    "visits_visit": "select (id, day, report_id), update (report_id), delete",
}
ROLES = {"counter_web": WEB, "counter_worker": WORKER}
