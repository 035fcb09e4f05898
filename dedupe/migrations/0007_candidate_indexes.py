"""Indexes in the order in which the candidate statement reads them, and a table that is kept fresh for it."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

DETAILED = models.Q(searchable=True, low_detail=False)

# An index-only scan is one only where the visibility map is fresh: the defaults wait for a fifth of the table, two
# million rows of ten. Statistics likewise.
STORAGE = {
    "autovacuum_vacuum_insert_scale_factor": "0.01",
    "autovacuum_vacuum_scale_factor": "0.02",
    "autovacuum_analyze_scale_factor": "0.02",
    "fillfactor": "95",
}


def by_window() -> models.Index:
    return models.Index(
        fields=["version", "window_key", "picture"],
        include=["aspect", "quadrants"],
        condition=DETAILED,
        name="fingerprint_by_window",
    )


def by_chunk(number: int) -> models.Index:
    return models.Index(
        fields=["version", f"chunk{number}", "phash", "picture"],
        condition=DETAILED,
        name=f"fingerprint_by_chunk{number}",
    )


class Migration(migrations.Migration):
    atomic = False  # the indexes are built beside a running site, and the old ones serve it until then

    dependencies = [("dedupe", "0006_geometry")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE dedupe_fingerprint SET ({', '.join(f'{name} = {value}' for name, value in STORAGE.items())})",
            f"ALTER TABLE dedupe_fingerprint RESET ({', '.join(STORAGE)})",
        ),
        AddIndexConcurrently("fingerprint", by_window()),
        *[AddIndexConcurrently("fingerprint", by_chunk(number)) for number in range(4)],
        RemoveIndexConcurrently("fingerprint", "fingerprint_window"),
        *[RemoveIndexConcurrently("fingerprint", f"fingerprint_chunk{number}") for number in range(4)],
    ]
