"""Fingerprints: what the two routes of the candidate search read."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dedupe.imaging import WHOLE, Box, Treatment
from dedupe.imaging import Fingerprint as Numbers
from dedupe.models.pictures import Picture

CHUNK_ORDERS = (("phash", "picture"), *[("picture", "phash")] * 3)
"""How the entries of each chunk's index stand within one chunk.

By age: what the server knows of neighbours' visibility stands on one page, which makes reading a place of ten million
pictures' index a quarter to a half faster. The first chunk by hash, so that equal hashes stand side by side.
"""
_SIGN = 1 << 63


def signed(unsigned: int) -> int:
    """The same 64 bits as Postgres' bigint reads them, −2⁶³ to 2⁶³−1."""
    return unsigned - (1 << 64) if unsigned >= _SIGN else unsigned


def unsigned(signed_: int) -> int:
    """The same 64 bits as a number from 0 to 2⁶⁴−1."""
    return signed_ & ((1 << 64) - 1)


def whole() -> list[float]:
    """The box of a fingerprint that is of the whole picture."""
    return list(WHOLE)


class Fingerprint(models.Model):
    """The numbers of one picture under one algorithm version and one treatment.

    ``box`` is the part of the picture that they are of: left, top, right, bottom, as shares from 0 to 1.
    ``searchable`` says that the picture is live; it is written in the transaction that moves the picture, so that
    the partial indexes hold live pictures only and the candidate query needs no join. ``low_detail`` keeps
    near-uniform pictures out of both routes.
    """

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="fingerprints")
    version = models.PositiveSmallIntegerField()
    treatment = models.CharField(max_length=16, default=Treatment.FULL)
    intensity = models.FloatField()
    quadrants = ArrayField(models.FloatField(), size=4)
    aspect = models.FloatField()
    detail = models.FloatField()
    phash = models.BigIntegerField()
    dct_hash = models.BinaryField(max_length=32)
    luma = models.BinaryField(max_length=4096)
    box = ArrayField(models.FloatField(), size=4, default=whole)

    searchable = models.BooleanField(default=False)
    low_detail = models.BooleanField()
    window_key = models.IntegerField()
    chunk0 = models.IntegerField()
    chunk1 = models.IntegerField()
    chunk2 = models.IntegerField()
    chunk3 = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["picture", "version", "treatment"], name="one_fingerprint_per_version_and_treatment"
            ),
            models.CheckConstraint(
                condition=Q(intensity__gte=0, intensity__lte=1, detail__gte=0, detail__lte=1),
                name="intensity_and_detail_within_unit",
            ),
        ]
        indexes = [
            # All that the candidate statement reads stands in the index, and in the order in which it reads.
            models.Index(
                fields=["version", "window_key", "picture"],
                include=["aspect", "quadrants"],
                condition=Q(searchable=True, low_detail=False),
                name="fingerprint_by_window",
            ),
            *[
                models.Index(
                    fields=["version", f"chunk{number}", *order],
                    condition=Q(searchable=True, low_detail=False),
                    name=f"fingerprint_by_chunk{number}",
                )
                for number, order in enumerate(CHUNK_ORDERS)
            ],
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} v{self.version} {self.treatment}"

    def numbers(self) -> Numbers:
        """The same fingerprint as imaging knows it."""
        first, second, third, fourth = self.quadrants
        return Numbers(
            version=self.version,
            treatment=Treatment(self.treatment),
            intensity=self.intensity,
            quadrants=(first, second, third, fourth),
            aspect=self.aspect,
            detail=self.detail,
            phash=unsigned(self.phash),
            dct_hash=bytes(self.dct_hash),
            luma=bytes(self.luma),
            box=Box(*self.box),
        )
