"""Says which model changes have no migration yet. Loads one project, from DJANGO_SETTINGS_MODULE; needs no database."""

import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation


def missing() -> list[str]:
    """What a migration would have to do, by app."""
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    return [
        f"{app}: {operation.describe()}"
        for app, migrations in changes.items()
        for one in migrations
        for operation in one.operations
    ]


if __name__ == "__main__":
    django.setup()
    translation.deactivate_all()  # migrations keep the words of the code
    found = missing()
    sys.stderr.writelines(f"no migration for {change}\n" for change in found)
    sys.exit(1 if found else 0)
