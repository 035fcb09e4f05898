"""What the clock does for a board, done when a test says so: a process beside the site, with a way of its own to
database, broker and storage. One word a line comes in, one line of JSON goes out.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django


def _acts() -> dict[str, Callable[[], Any]]:
    from django.db import connection, transaction
    from django.utils import timezone

    from dedupe.invariants import find_violations
    from dedupe.listing import prefixes_in_use
    from dedupe.models import Picture, State
    from dedupe.workflow import sweep

    def free(**what: Any) -> list[int]:
        """Rows that nobody has locked: a process may be frozen in the middle of its transaction."""
        with transaction.atomic():
            return [row.pk for row in Picture.objects.select_for_update(skip_locked=True).filter(**what)]

    def hurry() -> int:
        """The pauses are over, and whoever waits is announced."""
        now = timezone.now()
        staged = Picture.objects.filter(pk__in=free(state=State.STAGED))
        staged.update(next_attempt_at=now, rung_at=None)
        lapsed = Picture.objects.filter(pk__in=free(state=State.ANALYSING, lease_until__lt=now))
        lapsed.update(rung_at=None)
        return sweep.recover_lost_work()

    def lapse() -> int:
        """Every lease runs out."""
        leased = Picture.objects.filter(pk__in=free(state=State.ANALYSING))
        return leased.update(lease_until=timezone.now() - timedelta(seconds=1))

    def clear() -> int:
        """An empty board; the next sweep removes the files."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE dedupe_picture CASCADE")
        return 0

    return {
        "hurry": hurry,
        "lapse": lapse,
        "waiting": lambda: Picture.objects.waiting().count(),
        "sweep": lambda: sweep.sweep_everything(prefixes_in_use()),
        "clear": clear,
        "check": lambda: [str(each) for each in find_violations(read_bytes=True)],
        "states": lambda: dict(Picture.objects.values_list("public_id", "state")),
        "refusals": lambda: dict(
            Picture.objects.exclude(refusal="").values_list("public_id", "refusal_detail")
        ),
    }


def main() -> None:
    """Until the input ends."""
    django.setup()
    acts = _acts()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(acts[line.strip()]()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
