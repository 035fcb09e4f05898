"""``manage.py demo``: fill an empty board with pictures made in code, look-alikes among them, and accounts to try."""

import logging
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from board.demo.story import Cast, Story, StoryFailed
from board.models import User
from board.roles import SiteRole, appoint
from dedupe.models import Picture

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_NAMES = ("alice", "bob", "mod")


class Command(BaseCommand):
    help = "Fills an empty board with pictures made in code, some of them look-alikes, and accounts to try."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="leave a board that is not empty alone, without an error"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_empty():
            if options["if_empty"]:
                self.stdout.write("This board has pictures or accounts already; the demo leaves it alone.")
                return
            raise CommandError(
                "This board is not empty. The demo is only for a new one; nothing was changed."
            )
        logging.getLogger("dedupe").setLevel(logging.WARNING)
        passwords = {name: new_password() for name in _NAMES}
        try:
            self._fill(passwords)
        except StoryFailed as error:
            raise CommandError(
                f"The demo does not fit the settings in force: {error} Nothing was kept."
            ) from error
        finally:
            self._end_progress()
        self._print_accounts(passwords)

    def _fill(self, passwords: dict[str, str]) -> None:
        """All or nothing; and no worker that runs already takes a picture out of the story's hands."""
        with transaction.atomic():
            Story(make_cast(passwords), self._tell).tell()

    def _tell(self, step: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{step}", ending="")
            self.stderr.flush()

    def _end_progress(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")

    def _print_accounts(self, passwords: dict[str, str]) -> None:
        self.stdout.write(f"{Picture.objects.live().count()} pictures are published. Accounts to try:")
        for name, password in passwords.items():
            part = "operator, with a review queue" if name == "mod" else "uploads pictures"
            waits = " and has questions to answer" if name == "alice" else ""
            self.stdout.write(f"  {name:<6} {password}  ({part}{waits})")
        self.stdout.write("These passwords are shown only now.")


def is_empty() -> bool:
    """Whether nobody has uploaded anything, and the demo's names are free."""
    return not Picture.objects.exists() and not User.objects.filter(username__in=_NAMES).exists()


def new_password() -> str:
    """Four groups of letters and digits that cannot be mistaken for one another."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def make_cast(passwords: dict[str, str]) -> Cast:
    """Two people who upload, and one who looks after everything."""
    alice, bob, mod = (User.objects.create_user(name, password=passwords[name]) for name in _NAMES)
    appoint(mod, SiteRole.OPERATOR)
    mod.is_superuser = True
    mod.save(update_fields=["is_superuser"])
    return Cast(alice=alice, bob=bob, mod=mod)
