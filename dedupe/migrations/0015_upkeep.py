from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of its own, which the release before does not know and does not miss."""

    dependencies = [("dedupe", "0014_renditions")]

    operations = [
        migrations.CreateModel(
            name="Upkeep",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sweep", "sweep"),
                            ("patrol", "check of the invariants"),
                            ("census", "census"),
                        ],
                        max_length=8,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("ended_at", models.DateTimeField()),
                ("seconds", models.FloatField()),
                ("findings", models.JSONField(default=dict)),
                ("place", models.JSONField(default=dict)),
            ],
            options={"verbose_name_plural": "upkeep"},
        ),
    ]
