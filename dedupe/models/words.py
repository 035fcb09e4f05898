"""The words of pictures, and the lists that say which pictures have a word."""

from __future__ import annotations

from django.db import models

from dedupe.imaging.words import WordPoints
from dedupe.models.pictures import Picture


class VisualWords(models.Model):
    """The points by which one picture is found in parts of it: ``points`` is what ``WordPoints.to_bytes`` wrote."""

    picture = models.OneToOneField(Picture, models.CASCADE, primary_key=True, related_name="words")
    version = models.PositiveSmallIntegerField()
    points = models.BinaryField()

    class Meta:
        verbose_name_plural = "visual words"

    def __str__(self) -> str:
        return f"{self.picture_id} v{self.version}"

    def word_points(self) -> WordPoints:
        """The points as imaging knows them. Raises ValueError when the row is damaged."""
        return WordPoints.from_bytes(bytes(self.points))


class Posting(models.Model):
    """Part of the list of pictures that have a word; written in bulk only.

    ``word`` is the version of the words and the word itself, packed into one key. Parts are numbered from 0, and each
    is full before the next begins, so that the last part tells the length of the list. ``pictures`` are ids of
    ``Picture``, each in four bytes, most significant first: past two thousand million pictures they must grow.
    """

    pk = models.CompositePrimaryKey("word", "chunk")
    word = models.IntegerField()
    chunk = models.IntegerField()
    pictures = models.BinaryField()

    def __str__(self) -> str:
        return f"word {self.word}, part {self.chunk}"


class NewPosting(models.Model):
    """A picture that has a word and does not stand in the lists yet; appending to them one by one is dear."""

    pk = models.CompositePrimaryKey("word", "picture")
    word = models.IntegerField()
    picture = models.IntegerField()

    def __str__(self) -> str:
        return f"word {self.word}, picture {self.picture}"
