"""Bring the catalogues up to date: ``python -m script.catalogues``, or look only: ``--check``.

A translator fills the empty ``msgstr`` of ``*/locale/<language>/LC_MESSAGES/*.po`` and runs this again. A further
language: its code in ``LANGUAGES`` of board/settings.py, below, and in board/formats, then run this.
"""

from __future__ import annotations

import sys

from script.catalogues.gathering import DOMAINS, gather
from script.catalogues.keeping import merged, problems, read, write

LANGUAGES = ("de",)


def main(arguments: list[str]) -> int:
    """Returns 1 when something is missing or wrong, having said what."""
    gathered = [(domain, gather(domain)) for domain in DOMAINS]
    pairs = [(domain, found, language) for domain, found in gathered for language in LANGUAGES]
    if "--check" not in arguments:
        for domain, found, language in pairs:
            write(domain, language, merged(read(domain, language), found))
    said = [line for domain, found, language in pairs for line in problems(domain, language, found)]
    for line in said:
        print(line)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
