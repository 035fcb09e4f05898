"""What the site adds to a picture: people, posts, tags, and keys for programs."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from dedupe.models import Picture

_NOT_IN_TAGS = re.compile(r"[^\w\-()]+", re.UNICODE)


class User(AbstractUser):
    """A person. Names differ by more than upper and lower case."""

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("username"), name="names_differ_by_more_than_case")]


class Tag(models.Model):
    """A word that describes pictures: lower case, underscores for spaces."""

    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

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
    tags = models.ManyToManyField(Tag, related_name="posts", blank=True)
    external_id = models.CharField(max_length=200, blank=True, db_index=True)
    attributes = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.title or self.picture.public_id


class ApiToken(models.Model):
    """A key for a program that acts as its owner. Only its SHA-256 is kept; the key is shown once."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def issue(cls, owner: User, name: str) -> tuple[ApiToken, str]:
        """Make a token; returns it with its key, which cannot be read again."""
        key = f"doppel_{secrets.token_urlsafe(32)}"
        token = cls.objects.create(owner=owner, name=name, digest=cls.digest_of(key), hint=key[-4:])
        return token, key
