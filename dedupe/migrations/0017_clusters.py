import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Cases that hang together, and decisions that were one act.

    Both columns may be empty: the release before writes rows without them, which stand alone until the next sweep.
    """

    atomic = False
    dependencies = [("dedupe", "0016_deliveries")]

    operations = [
        migrations.AddField("case", "cluster", models.BigIntegerField(null=True)),
        AddIndexConcurrently(
            "case", models.Index(fields=["cluster"], condition=Q(state="open"), name="open_clusters")
        ),
        migrations.AddField(
            "decision",
            "part_of",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="dedupe.decision",
            ),
        ),
        AddIndexConcurrently(
            "decision",
            models.Index(fields=["part_of"], condition=Q(part_of__isnull=False), name="parts_of_acts"),
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
                    ("split", "split a picture off"),
                    ("edit", "changed the words"),
                ],
                max_length=10,
            ),
        ),
    ]
