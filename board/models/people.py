"""People, and the keys of their programs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property


class User(AbstractUser):
    """A person. Names differ by more than upper and lower case.

    ``language`` is the code of the one that they chose, empty until they have chosen.
    """

    language = models.CharField(max_length=10, blank=True, default="", db_default="")

    # How often this person has signed out everywhere: a session of an earlier count is worth nothing. The database has
    # the default too, for the release before, which does not know the column.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("username"), name="names_differ_by_more_than_case")]

    def get_session_auth_hash(self) -> str:
        """What every session of this person must carry: it changes with the password and with the epoch."""
        return self._of_this_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same with the keys that ``SECRET_KEY`` followed."""
        return map(self._of_this_epoch, super().get_session_auth_fallback_hash())

    def _of_this_epoch(self, own: str) -> str:
        if not self.session_epoch:
            return own  # those who were signed in before there were epochs stay so
        return hashlib.sha256(f"{own}:{self.session_epoch}".encode()).hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As Django's, with one query for all permissions of a person instead of two: every page asks."""
        if obj is not None or not self.is_active or self.is_superuser:
            return super().has_perm(perm, obj)
        return perm in self._granted

    @cached_property
    def _granted(self) -> frozenset[str]:
        """What this person's groups, and they alone, may do, each as ``app.codename``; asked once per request."""
        named = ("content_type__app_label", "codename")
        of_groups = Permission.objects.filter(group__user=self).values_list(*named)
        found = of_groups.union(self.user_permissions.values_list(*named))
        return frozenset(f"{app}.{codename}" for app, codename in found)


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
