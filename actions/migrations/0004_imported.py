from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("actions", "0003_audit")]

    operations = [
        migrations.AddField(
            "action", "is_imported", models.BooleanField(db_default=False, default=False, editable=False)
        ),
    ]
