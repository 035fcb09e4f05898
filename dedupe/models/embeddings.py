"""Embeddings: what the configured embedders made of a picture, and the sketch under which it is found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dedupe.models.pictures import Picture


class Embedding(models.Model):
    """The value of one picture under one version of one embedder.

    ``data`` is the value as ``dedupe.embedding.encode`` writes it. A picture that has too little to compare keeps
    an empty row without a sketch: it was looked at, and stands in no index. ``searchable`` says that the picture is
    live, as in Fingerprint; it is written where the picture is moved.
    """

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="embeddings")
    name = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField()
    data = models.BinaryField()
    searchable = models.BooleanField(default=False)
    sketch = models.BigIntegerField(null=True)
    chunk0 = models.IntegerField(null=True)
    chunk1 = models.IntegerField(null=True)
    chunk2 = models.IntegerField(null=True)
    chunk3 = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "name", "version"], name="one_embedding_per_name_and_version"
            ),
        ]
        indexes = [
            models.Index(
                fields=["name", "version", f"chunk{number}"],
                include=["picture", "sketch"],
                condition=Q(searchable=True, sketch__isnull=False),
                name=f"embedding_chunk{number}",
            )
            for number in range(4)
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} {self.name} v{self.version}"
