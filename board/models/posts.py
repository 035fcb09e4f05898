"""What people say about their pictures: a post for each, and tags."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate
from django.utils import timezone

from dedupe.models import Picture

FURTHER_SOURCES = 20
"""A post has at most so many sources besides its own: those of the copies that were merged into it."""
_NOT_IN_TAGS = re.compile(r"[^\w\-()]+", re.UNICODE)


class Tag(models.Model):
    """A word that describes pictures: lower case, underscores for spaces."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        # Sorted by bytes, one index finds a prefix, gives its tags in order, and goes on behind any of them.
        indexes = [models.Index(Collate("name", "C"), name="tag_prefix")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def names_in(text: str) -> list[str]:
        """The tags in what a person typed, separated by commas or line ends, else by spaces; each once, in order."""
        parts = re.split(r"[,\n]", text) if "," in text else text.split()
        names = (_NOT_IN_TAGS.sub("_", part.strip().lower()).strip("_")[:60] for part in parts)
        return list(dict.fromkeys(name for name in names if name))

    @staticmethod
    def of_names(names: Iterable[str]) -> list[Tag]:
        """The tags of these names, made where they do not exist yet."""
        wanted = list(names)
        Tag.objects.bulk_create((Tag(name=name) for name in wanted), ignore_conflicts=True)
        return list(Tag.objects.filter(name__in=wanted))


class Post(models.Model):
    """What a person says about their picture. The picture decides whether the post can be seen."""

    picture = models.OneToOneField(Picture, models.CASCADE, related_name="post")
    title = models.CharField(max_length=200, blank=True)
    source = models.URLField(max_length=500, blank=True)
    further_sources = ArrayField(
        models.URLField(max_length=500), default=list, db_default=[], blank=True, size=FURTHER_SOURCES
    )
    tags = models.ManyToManyField(Tag, related_name="posts", blank=True)
    external_id = models.CharField(max_length=200, blank=True, db_index=True)
    attributes = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.title or self.picture.public_id


class Edit(models.Model):
    """One change of a post's words after the upload: of each field that it changed, the value before and after."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="edits")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="edits")
    before = models.JSONField()
    after = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="an_edit_changes_something")
        ]

    def __str__(self) -> str:
        return f"{self.editor_id} changed {', '.join(self.after)} of {self.post_id}"
