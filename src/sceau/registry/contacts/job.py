"""The name of the job that matches contacts: whoever records one wakes it."""

MATCH = "registry.contacts"
