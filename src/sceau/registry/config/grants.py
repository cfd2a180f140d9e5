"""What each process's database role may touch, and nothing more. Applied after migrations by `sceau registry grant`."""

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
    "approvals_software": READ,
    "approvals_decision": READ,
    "approvals_accesstoken": ALL,
    "approvals_assertion": ALL,
    "pharmacies_pharmacy": CHANGE,
    "pharmacies_owner": READ,
    "pharmacies_key": CHANGE,
    "intake_inboxenvelope": ADD,
    "results_report": READ,
    "results_fact": READ,
    "results_tally": READ,
    "cases_case": READ,
    "persons_identity": "select, update (person_id)",
    "persons_doubt": "select, update",
    "persons_move": ADD,
}
WORKER = {
    **SEQUENCER,
    "intake_inboxenvelope": "select, update",
    "intake_unconfirmed": ALL,
    "results_report": ALL,
    "results_fact": "select, insert, delete",
    "results_tally": CHANGE,
    "approvals_software": READ,
    "pharmacies_pharmacy": READ,
    "persons_identity": "select, insert, delete",
    "persons_doubt": "select, insert, delete",
    "persons_move": "select, delete",
    "cases_case": CHANGE,
}
ROLES = {"registry_web": WEB, "registry_worker": WORKER}
