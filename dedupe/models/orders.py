"""Renditions that are to be made when the workers have time for them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dedupe.models.pictures import Picture


class RenditionOrder(models.Model):
    """One thing to be made of one picture, once: Postgres knows it, the broker only says that there is work.

    Nobody begins it before ``due_at``, which a worker that takes it puts off, as a lease. AVIF that is made needs no
    order any more; a full-size copy keeps it with ``made_at``, by which the copy is taken away again. An order whose
    attempts are used up stays, so that nobody tries for ever.
    """

    class What(models.TextChoices):
        AVIF = "avif", _("smaller files to be shown")
        FULL = "full", _("a full-size copy")

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="rendition_orders")
    what = models.CharField(max_length=4, choices=What.choices)
    since = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["picture", "what"], name="one_order_of_each_rendition"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(what="full"), name="only_full_size_is_kept_as_made"
            ),
        ]
        indexes = [
            models.Index(fields=["what", "due_at"], condition=Q(made_at__isnull=True), name="orders_to_do"),
            models.Index(fields=["since"], name="orders_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} of {self.picture_id}"
