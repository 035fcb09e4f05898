from django.db import migrations, models


class Migration(migrations.Migration):
    """Pictures that are taken out of matching. The database has the default too: the release before writes rows."""

    dependencies = [("dedupe", "0012_powers")]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="matching_blocked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="decision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("answer", "answered the question"),
                    ("review", "closed a case"),
                    ("withdrawal", "took the upload back"),
                    ("undo", "undid a decision"),
                    ("block", "stopped matching"),
                    ("unblock", "let it match again"),
                ],
                max_length=10,
            ),
        ),
    ]
