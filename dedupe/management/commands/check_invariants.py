"""``manage.py check_invariants``: the rules that hold always, checked on the running system."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dedupe.invariants import find_violations


class Command(BaseCommand):
    help = "Checks the invariants and prints what breaks them. Exits with 1 when anything does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--read-bytes", action="store_true", help="also read and hash every live original"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        violations = find_violations(read_bytes=options["read_bytes"])
        for violation in violations:
            self.stdout.write(f"{violation.rule}  {violation.subject}  {violation.message}")
        self.stdout.write(f"{len(violations)} violations." if violations else "All invariants hold.")
        if violations:
            sys.exit(1)
