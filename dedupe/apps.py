"""The reusable Django app: pictures, fingerprints, matches, decisions."""

from django.apps import AppConfig


class DedupeConfig(AppConfig):
    """Registers the models and the start-up checks."""

    name = "dedupe"
    verbose_name = "Duplicate pictures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dedupe import checks  # noqa: F401  registers the system checks
