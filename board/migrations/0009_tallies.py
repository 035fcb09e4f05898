import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of its own, which the release before does not know and does not miss."""

    dependencies = [("board", "0008_session_epoch")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("measure", models.CharField(max_length=64)),
                (
                    "labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                (
                    "counts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("total", models.FloatField(default=0)),
            ],
            options={
                "verbose_name_plural": "tallies",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "labels"), name="one_tally_of_a_measure_and_its_labels"
                    )
                ],
            },
        ),
    ]
