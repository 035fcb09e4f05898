"""Numbers, dates and lists as they stand in a sentence, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


def number(value: float, places: int = 0) -> str:
    """A number with so many decimal places and thin groups of thousands: 1,234.5 or 1.234,5."""
    return number_format(f"{value:.{places}f}", places, force_grouping=True)


def plain(value: float) -> str:
    """A number with as many decimal places as it has, six digits at most: 0.75 or 0,75."""
    return number_format(f"{value:g}")


def percent(share: float) -> str:
    """A share 0–1 in whole per cent."""
    return _("{number} %").format(number=number(share * 100))


def day(moment: datetime | None) -> str:
    """A date as people write it, or a dash."""
    return date_format(moment, "DATE_FORMAT") if moment else "–"


def month(moment: datetime) -> str:
    """The month and the year of a date."""
    return date_format(moment, "YEAR_MONTH_FORMAT")


def listed(things: Sequence[str]) -> str:
    """One or more things: “a tag, the source and the title”."""
    if len(things) < 2:
        return "".join(things)
    return _("{first} and {last}").format(first=", ".join(things[:-1]), last=things[-1])
