"""Pictures and their renditions."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dedupe.models.powers import PICTURE_POWERS, Power, holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> str:
    """Return a random name of 14 characters, 69 bits, without letters that look alike."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(14))


class State(models.TextChoices):
    """Where a picture stands. Terminal ones change only by a decision or an undo."""

    STAGED = "staged", _("waiting to be checked")
    ANALYSING = "analysing", _("being checked")
    HELD = "held", _("waiting for an answer")
    LIVE = "live", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REJECTED = "rejected", _("rejected")
    EXPIRED = "expired", _("expired")
    REMOVED = "removed", _("removed")


class CheckOutcome(models.TextChoices):
    """What the search for look-alikes gave: a failure is never the same as nothing found."""

    PENDING = "pending", _("not yet compared")
    NONE_FOUND = "none_found", _("no look-alike found")
    MATCHES = "matches", _("look-alikes found")
    TOO_LITTLE_DETAIL = "too_little_detail", _("too little detail to compare")
    FAILED = "failed", _("the comparison failed")


class PictureQuerySet(models.QuerySet["Picture"]):
    """Pictures, by who may see them and where they stand."""

    def live(self) -> PictureQuerySet:
        """What everybody sees. Lists, counts and searches that are the same for all hold these and no others."""
        return self.filter(state=State.LIVE)

    def visible_to(self, viewer: AbstractBaseUser | AnonymousUser | None) -> PictureQuerySet:
        """The one place that says which pictures a person may see: live ones, one's own, and all for reviewers."""
        if viewer is None or not viewer.is_authenticated:
            return self.live()
        return self.live() | self.open_to(viewer)

    def open_to(self, viewer: AbstractBaseUser | AnonymousUser | None) -> PictureQuerySet:
        """Those whose file, history and question a person may see too: one's own, and all for reviewers."""
        if viewer is None or not viewer.is_authenticated:
            return self.none()
        return self.all() if holds(viewer, Power.REVIEW) else self.filter(owner_id=viewer.pk)

    def waiting(self) -> PictureQuerySet:
        return self.filter(state__in=[State.STAGED, State.ANALYSING])


class Picture(models.Model):
    """One uploaded picture: its bytes in storage, its numbers, and where it stands."""

    public_id = models.CharField(max_length=14, unique=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="pictures"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.STAGED)
    state_since = models.DateTimeField(default=timezone.now)
    check_outcome = models.CharField(
        max_length=17, choices=CheckOutcome.choices, default=CheckOutcome.PENDING
    )
    # What the search behind the outcome did not do, by the names of its routes. The database has the default too:
    # the release before, which does not know these columns, may still be writing rows.
    check_cut = ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)
    check_not_searched = ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)

    file_name = models.CharField(max_length=255, blank=True)
    storage_key = models.CharField(max_length=80, blank=True)
    checksum = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    pixel_checksum = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=8, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    frames = models.PositiveIntegerField(null=True)
    quality = models.PositiveSmallIntegerField(null=True)
    damaged = models.BooleanField(default=False)
    # Empty: the file carries none. Null: it was analysed before anybody looked.
    colour_profile = models.CharField(max_length=64, null=True)

    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="redirects_here"
    )
    # A hub: so many different pictures look like it, such as those made from one template, that nobody is asked.
    matching_blocked = models.BooleanField(default=False, db_default=False)
    refusal = models.CharField(max_length=32, blank=True)
    refusal_detail = models.CharField(max_length=300, blank=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    setbacks = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)

    created_at = models.DateTimeField(default=timezone.now)
    analysed_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = PICTURE_POWERS
        constraints = [
            models.UniqueConstraint(
                fields=["checksum"], condition=Q(state="live"), name="one_live_picture_per_checksum"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _ in State.choices]), name="state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="live")
                | Q(width__gt=0, height__gt=0, published_at__isnull=False) & ~Q(storage_key=""),
                name="live_pictures_are_analysed_and_stored",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | Q(state="withdrawn"),
                name="only_withdrawn_pictures_redirect",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("id")),
                name="no_picture_redirects_to_itself",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(refusal=""), name="rejected_pictures_say_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="analysing") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="analysing_pictures_are_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["pixel_checksum"], condition=Q(state="live"), name="live_pixel_checksum"),
            models.Index(fields=["checksum"], name="picture_checksum"),
            models.Index(fields=["-published_at", "-id"], condition=Q(state="live"), name="gallery_order"),
            models.Index(
                fields=["next_attempt_at"], condition=Q(state__in=["staged", "analysing"]), name="work_to_do"
            ),
            models.Index(fields=["owner", "-id"], name="own_uploads"),
            models.Index(fields=["state_since"], condition=~Q(state="live"), name="not_live_since"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.get_state_display()})"

    def is_owned_by(self, user: Any) -> bool:
        """Whether this person uploaded it. Nobody owns a picture without an owner."""
        return self.owner_id is not None and self.owner_id == getattr(user, "pk", None)

    @property
    def is_settled(self) -> bool:
        """Whether the machine has done its part: it is published, refused, or a person is asked."""
        return self.state not in {State.STAGED, State.ANALYSING}

    def rendition(self, kind: str) -> Rendition | None:
        """The rendition of this kind from what was fetched with the picture, or None before the analysis."""
        return next((row for row in self.renditions.all() if row.kind == kind), None)


class Rendition(models.Model):
    """A derived, metadata-free image, stored under a name that its content gives.

    Large, small and full are for display; the views are for comparing, and are never served. AVIF and full size
    are made after the analysis, by order.
    """

    class Kind(models.TextChoices):
        LARGE = "large"
        SMALL = "small"
        LARGE_AVIF = "large_avif"
        SMALL_AVIF = "small_avif"
        FULL = "full"
        VIEW = "view"
        VIEW_BLACK = "view_black"
        VIEW_FRAME1 = "view_frame1"
        VIEW_FRAME2 = "view_frame2"
        VIEW_FRAME3 = "view_frame3"

    AVIF = (Kind.LARGE_AVIF, Kind.SMALL_AVIF)
    ORDERED = (*AVIF, Kind.FULL)
    DISPLAYED = (Kind.LARGE, Kind.SMALL, *ORDERED)

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    mime = models.CharField(max_length=20)
    size_bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["picture", "kind"], name="one_rendition_of_each_kind"),
        ]

    def __str__(self) -> str:
        return self.key
