"""The reusable Django app: pictures, fingerprints, matches, decisions."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as present
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class DedupeConfig(AppConfig):
    """Registers the models and the start-up checks."""

    name = "dedupe"
    verbose_name = "Duplicate pictures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dedupe import checks  # noqa: F401  registers the system checks

        post_migrate.connect(note_complete_library, sender=self)


def note_complete_library(*, using: str, apps: Apps = present, **_: Any) -> None:
    """After every ``migrate``: an empty library, or one without older numbers, counts as measured.

    ``apps`` are the models as they were migrated to, which may be an earlier state.
    """
    from dedupe.workflow.backfill import note_complete_library as note

    if using == DEFAULT_DB_ALIAS and "walk" in apps.all_models["dedupe"]:
        note()
