"""The Celery application: ``celery -A board worker``."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_init

from board.watching import logs, tracing  # noqa: F401  request ids and one form of log, in workers too

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "board.settings")

app = Celery("board")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect(dispatch_uid="pages_come_first")
def _stand_back(**_: object) -> None:
    """Where web and worker share a machine, a page does not wait for a picture to be decoded."""
    from django.conf import settings

    os.nice(settings.WORKER_NICE)


@task_prerun.connect(dispatch_uid="connection_before")
@task_postrun.connect(dispatch_uid="connection_after")
def _hand_back(sender: Any = None, **_: object) -> None:
    """A connection that is handed out anew is looked at first, so that one that broke meanwhile harms no task."""
    from django.db import close_old_connections

    if not getattr(sender.request, "is_eager", False):
        close_old_connections()
