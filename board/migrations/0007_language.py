"""The language that a person has chosen; beside it the version before, which does not know the column, goes on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("board", "0006_tag_prefix")]

    operations = [
        migrations.AddField(
            "user",
            "language",
            models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
