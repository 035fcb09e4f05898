"""Cases that nobody opened: finds in the library, questions about to expire, blind samples.

The release before goes on writing its own kinds, each with who opened it; so nothing is asked of it that it lacks.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

MACHINE_KINDS = ["find", "expiring", "sample"]


def close_machine_cases(apps: Any, schema_editor: Any) -> None:
    """Back: the release before knows no case without a person behind it. Their decisions keep their rows."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come cannot be altered
    case = apps.get_model("dedupe", "Case")
    decision = apps.get_model("dedupe", "Decision")
    filed = case.objects.filter(kind__in=MACHINE_KINDS)
    filed.exclude(pk__in=decision.objects.filter(case__isnull=False).values("case")).delete()
    someone = settings.AUTH_USER_MODEL.split(".")
    first = apps.get_model(*someone).objects.order_by("pk").values("pk")[:1]
    case.objects.filter(kind__in=MACHINE_KINDS).update(kind="report", opened_by=models.Subquery(first))
    case.objects.filter(state="decided").update(state="upheld")


class Migration(migrations.Migration):
    dependencies = [("dedupe", "0010_chunks_by_age")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("override", "Override of a sure match"),
                    ("proposal", "Better copy proposed"),
                    ("report", "Reported"),
                    ("find", "Found in the library"),
                    ("expiring", "About to expire"),
                    ("sample", "Blind sample"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("upheld", "upheld"),
                    ("reversed", "reversed"),
                    ("decided", "decided"),
                    ("obsolete", "no longer needed"),
                ],
                default="open",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="opened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opened_cases",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, close_machine_cases),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=MACHINE_KINDS, opened_by__isnull=True)
                | (~Q(kind__in=MACHINE_KINDS) & Q(opened_by__isnull=False)),
                name="every_case_of_a_person_names_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=["kind", "match"],
                condition=Q(state="open", opened_by__isnull=True),
                name="one_open_case_per_match_and_machine",
            ),
        ),
    ]
