"""Bytes that are on their way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dedupe.models.pictures import Picture, new_public_id


class Delivery(models.Model):
    """Bytes that are not ours yet: somebody sends them to a key of their own, or we fetch them from an address.

    The row is there before the bytes. ``picture`` is the upload that waits for them; while there is none, nobody has
    said that they were sent. It goes when the bytes lie under a name that nobody else can write. What was said of
    them (``mime``, ``size_bytes``, ``checksum``) is only compared with what is there.
    """

    public_id = models.CharField(max_length=14, unique=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="deliveries")
    picture = models.OneToOneField(Picture, models.CASCADE, null=True, blank=True, related_name="delivery")
    key = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    mime = models.CharField(max_length=20, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict, blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(key="", picture__isnull=False) & ~Q(address="") | Q(address="") & ~Q(key=""),
                name="deliveries_are_sent_or_fetched",
            ),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_delivery_per_key"),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(picture__isnull=True), name="deliveries_not_completed"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
