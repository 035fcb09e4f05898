"""The stranger's own use of the app: submit twins, be asked, decide, undo. Prints what happened."""

import importlib.util
import io
import os
import sys
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "catalogue.settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from PIL import Image  # noqa: E402

import dedupe  # noqa: E402
from dedupe import workflow  # noqa: E402
from dedupe.models import Match, Picture, Verdict  # noqa: E402
from dedupe.signals import picture_moved  # noqa: E402


def submit(owner: User, quality: int) -> Picture:
    """Store and check one copy of the picture on standard input."""
    copy = io.BytesIO()
    Image.open(io.BytesIO(PICTURE)).convert("RGB").save(copy, "JPEG", quality=quality)
    picture = workflow.submit_picture(owner, copy, size=len(copy.getvalue()))
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    return picture


PICTURE = sys.stdin.buffer.read()
call_command("migrate", verbosity=0)
print("board is here:", importlib.util.find_spec("board") is not None)
print("installed from:", Path(dedupe.__file__).parent)
moves: list[str] = []


def listen(before: str, after: str, **_: object) -> None:
    moves.append(f"{before}>{after}")


picture_moved.connect(listen)
owner = User.objects.create_user("stranger")
first, second = submit(owner, 90), submit(owner, 50)
decision = workflow.answer(owner, second, Match.objects.get(), Verdict.SAME)
workflow.undo_decision(owner, decision)
print("moves:", " ".join(moves))
call_command("check_invariants")
