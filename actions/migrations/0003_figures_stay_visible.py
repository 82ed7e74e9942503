"""Team figures are read from an index alone, which needs a fresh visibility map: vacuum early."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("actions", "0002_catalogue_keys_exist")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE actions_action SET (autovacuum_vacuum_scale_factor = 0.02,"
            " autovacuum_vacuum_insert_scale_factor = 0.02)",
            "ALTER TABLE actions_action RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)",
        )
    ]
