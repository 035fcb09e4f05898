from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Everything that ever moved a thing is found by the thing."""

    atomic = False
    dependencies = [("dedupe", "0017_clusters")]

    operations = [
        AddIndexConcurrently(
            "ledgerentry", models.Index(fields=["row", "model"], name="what_happened_to_a_row")
        ),
    ]
