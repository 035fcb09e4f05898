"""The image board's Django app."""

from django.apps import AppConfig


class BoardConfig(AppConfig):
    """Connects the board to what happens to its pictures."""

    name = "board"
    verbose_name = "Image board"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from board import checks, merging, notices, publishing, restoring  # noqa: F401  connects the receivers
        from board.watching import counting

        counting.listen()
