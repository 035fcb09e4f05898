"""The groups of routes that are counted together, and how often each may be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ImproperlyConfigured

_RATE = re.compile(r"([0-9]{1,9})/([0-9]{1,6})")


class Group(StrEnum):
    """Routes that are counted together."""

    UPLOADS = "uploads"
    SEARCH = "search"
    SIMILAR = "similar"
    PRECHECK = "precheck"
    SIGN_IN = "sign_in"
    REGISTER = "register"
    COMMENTS = "comments"
    COPIES = "copies"
    IMAGES = "images"
    EVERYTHING = "everything"
    UNLIMITED = "unlimited"


@dataclass(frozen=True)
class Rate:
    """At most ``count`` requests in ``seconds``, counted from the first of them."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Rates:
    """Those of one group: of a person who is signed in, and of an address that visitors come from."""

    person: Rate
    visitor: Rate


# A gallery page brings some fifty thumbnails along, and a dropped folder hundreds of uploads. Whoever is slower than
# a person can be is never held up; who asks for searches, each of which costs as much as an upload's, is sooner.
DEFAULTS: Mapping[Group, Rates] = {
    Group.UPLOADS: Rates(Rate(300, 60), Rate(10, 60)),
    Group.SEARCH: Rates(Rate(30, 60), Rate(10, 60)),
    Group.SIMILAR: Rates(Rate(60, 60), Rate(30, 60)),
    Group.PRECHECK: Rates(Rate(600, 60), Rate(10, 60)),
    Group.SIGN_IN: Rates(Rate(30, 300), Rate(30, 300)),
    Group.REGISTER: Rates(Rate(10, 3600), Rate(10, 3600)),
    Group.COMMENTS: Rates(Rate(30, 600), Rate(10, 600)),
    Group.COPIES: Rates(Rate(60, 600), Rate(10, 600)),
    Group.IMAGES: Rates(Rate(6000, 60), Rate(6000, 60)),
    Group.EVERYTHING: Rates(Rate(900, 60), Rate(600, 60)),
}


def rates_from(environment: Mapping[str, str]) -> dict[Group, Rates]:
    """The defaults, changed by ``DOPPEL_LIMIT_SEARCH=30/60`` (people) and ``DOPPEL_LIMIT_SEARCH_VISITOR=10/60``.

    Raises ImproperlyConfigured for a value that is no rate.
    """
    return {
        group: Rates(
            _rate(environment, f"DOPPEL_LIMIT_{group.name}", rates.person),
            _rate(environment, f"DOPPEL_LIMIT_{group.name}_VISITOR", rates.visitor),
        )
        for group, rates in DEFAULTS.items()
    }


def _rate(environment: Mapping[str, str], name: str, usual: Rate) -> Rate:
    given = environment.get(name, "").strip()
    if not given:
        return usual
    found = _RATE.fullmatch(given)
    if found is None or int(found[2]) == 0:
        raise ImproperlyConfigured(f"{name} must be requests/seconds, such as {usual.count}/{usual.seconds}")
    return Rate(int(found[1]), int(found[2]))
