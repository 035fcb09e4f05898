"""Lets a person end all sessions at once. The release before goes on writing people without it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("board", "0007_language")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
