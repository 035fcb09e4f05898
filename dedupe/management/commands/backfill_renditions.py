"""``manage.py backfill_renditions``: smaller files for the pictures that were here before there were any."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dedupe.doorbell import ring_for_renditions
from dedupe.models import RenditionOrder
from dedupe.workflow.rendering import order_for_older


class Command(BaseCommand):
    help = (
        "Orders the AVIF renditions of all pictures that lack them, and notes their colour profiles on the way. The "
        "workers make them one at a time, after uploads. A run that was broken off is resumed by starting it again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        new = 0
        for count in order_for_older():
            new += count
            self.stdout.write(f"{new} ordered", ending="\r")
        waiting = RenditionOrder.objects.filter(what=RenditionOrder.What.AVIF).count()
        self.stdout.write(f"{new} ordered; {waiting} wait for the workers.")
        ring_for_renditions()
