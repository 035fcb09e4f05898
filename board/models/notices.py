"""What the site tells a person whose upload or picture somebody else has touched."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from dedupe.models import Decision, Picture


class Notice(models.Model):
    """One decision of somebody else about this person's picture. Unread until the page of notices was opened."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    picture = models.ForeignKey(Picture, models.CASCADE, related_name="notices")
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="notices")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "picture", "decision"], name="told_once_of_a_decision")
        ]
        indexes = [models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="unread_notices")]

    def __str__(self) -> str:
        return f"{self.person_id} about {self.picture_id}"
