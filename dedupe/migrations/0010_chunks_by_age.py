"""The indexes of three chunks by age within a chunk: neighbours in the index are neighbours in the table."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

DETAILED = models.Q(searchable=True, low_detail=False)
CHUNKS = (1, 2, 3)


def by_age(number: int) -> models.Index:
    return models.Index(
        fields=["version", f"chunk{number}", "picture", "phash"],
        condition=DETAILED,
        name=f"fingerprint_chunk{number}_by_age",
    )


class Migration(migrations.Migration):
    atomic = False  # the indexes are built beside a running site, and the old ones serve it until then

    dependencies = [("dedupe", "0009_library")]

    operations = [
        *[AddIndexConcurrently("fingerprint", by_age(number)) for number in CHUNKS],
        *[RemoveIndexConcurrently("fingerprint", f"fingerprint_by_chunk{number}") for number in CHUNKS],
        *[
            migrations.RenameIndex(
                "fingerprint",
                old_name=f"fingerprint_chunk{number}_by_age",
                new_name=f"fingerprint_by_chunk{number}",
            )
            for number in CHUNKS
        ],
    ]
