"""``manage.py sweep``: everything that the clock puts right, once and now."""

from typing import Any

from django.core.management.base import BaseCommand

from dedupe.workflow.sweep import sweep_everything


class Command(BaseCommand):
    help = "Recovers lost work, expires unanswered questions, removes files past their time and orphans."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, count in sweep_everything().items():
            self.stdout.write(f"{count:>6}  {what}")
