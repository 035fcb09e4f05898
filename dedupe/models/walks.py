"""Walks through the whole library: how far they got, who has which stretch, and what is to be searched again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dedupe.models.pictures import Picture


class WalkKind(models.TextChoices):
    """What is done with each picture."""

    DUPLICATES = "duplicates", _("search for duplicates")
    FINGERPRINTS = "fingerprints", _("bring up to date")


class WalkState(models.TextChoices):
    """One walk of a kind goes at a time; the others have ended."""

    GOING = "going"
    FINISHED = "finished"
    GIVEN_UP = "given_up", _("given up")


class Walk(models.Model):
    """One pass through the pictures by id.

    ``version`` names what the result depends on; another one is another walk. Everything up to ``next_id`` is done
    or stands in a stretch; ``until_id`` bounds the walk, where it is bounded. ``total`` is what was to do when it
    began, ``done`` counts pictures, failed ones among them, ``found`` what came of them.
    """

    kind = models.CharField(max_length=12, choices=WalkKind.choices)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=WalkState.choices, default=WalkState.GOING)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    next_id = models.BigIntegerField(default=0)
    until_id = models.BigIntegerField(null=True)
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    found = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="going"), name="one_walk_of_a_kind_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="going", ended_at__isnull=True)
                | (~Q(state="going") & Q(ended_at__isnull=False)),
                name="ended_walks_say_when",
            ),
        ]
        indexes = [models.Index(fields=["kind", "version", "state"], name="walks_by_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}: {self.get_state_display()}"


class Stretch(models.Model):
    """A part of a walk that a process has taken, or has laid down.

    ``done_to`` is the last id that is done, ``last_id`` the last of the stretch. It belongs to whoever has the
    token, until the lease ends; a stretch that is done has no row any more.
    """

    walk = models.ForeignKey(Walk, models.CASCADE, related_name="stretches")
    done_to = models.BigIntegerField()
    last_id = models.BigIntegerField()
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "stretches"
        constraints = [
            models.CheckConstraint(condition=Q(done_to__lte=F("last_id")), name="stretches_go_forwards"),
        ]

    def __str__(self) -> str:
        return f"{self.done_to} to {self.last_id} of walk {self.walk_id}"


class PendingSearch(models.Model):
    """A published picture whose search failed or could not see everything: it is to be searched again.

    ``why`` is for the operator. ``tried_at`` is when somebody last took it up.
    """

    picture = models.OneToOneField(Picture, models.CASCADE, primary_key=True, related_name="pending_search")
    why = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "pending searches"

    def __str__(self) -> str:
        return f"{self.picture_id}: {self.why}"
