"""The entries' table with its partitions, and the triggers that let nothing be changed. `audit/schema.py` has the statements."""

from django.db import migrations

from sceau.core.audit import schema


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(schema.CREATE, schema.DROP),
        migrations.RunSQL(schema.PROTECT, migrations.RunSQL.noop),
    ]
