"""Which cases a reviewer looks at, and in which order: read from the address, and written into every address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.fields import BigIntegerField, FloatField
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from dedupe.conf import conf
from dedupe.imaging import Relation
from dedupe.models import Case, CaseKind, Picture
from dedupe.models.cases import CaseQuerySet

SURE = {"sure": _("Sure"), "likely": _("Likely"), "unsure": _("Not sure")}
AGES = {"day": _("over a day"), "week": _("over a week"), "month": _("over a month")}
SORTS = {"": _("Oldest first"), "surest": _("Surest first"), "doubtful": _("Most doubtful first")}
_DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Order:
    """A total order of cases: by a key and then by id, so that a page can begin after any case.

    ``key`` is the annotation ``place`` of each case, or its moment; ``read`` makes it of what an address holds.
    """

    key: Any
    is_falling: bool
    read: Callable[[str], Any]


def _number(text: str) -> float:
    return float(text[:30])


def _moment(text: str) -> datetime:
    """Raises ValueError."""
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise ValueError("not a moment")
    return moment


def _probability(without: float) -> Any:
    """How sure a match is; cases without one come last."""
    return Coalesce("match__probability", Value(without), output_field=FloatField())


MARK = Coalesce("cluster", "id", output_field=BigIntegerField())
"""What cases of one cluster have in common; a case that stands alone has its own number."""
ORDERS = {
    "": Order(F("created_at"), False, _moment),
    "surest": Order(_probability(-1), True, _number),
    "doubtful": Order(_probability(2), False, _number),
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; anything that makes no sense there is left out. Empty means all."""

    kind: str = ""
    relation: str = ""
    sure: str = ""
    by: str = ""
    age: str = ""
    tag: str = ""
    sort: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Wanted:
        known = {
            "kind": CaseKind.values,
            "relation": [relation.value for relation in Relation],
            "sure": SURE,
            "age": AGES,
            "sort": SORTS,
        }
        values = {
            each.name: given.get(each.name, "").replace("\x00", "").strip()[:150] for each in fields(cls)
        }
        return cls(**{name: value for name, value in values.items() if value in known.get(name, (value,))})

    @property
    def query(self) -> str:
        """The end of an address that asks for the same, with its question mark, or nothing."""
        given = {name: value for name, value in asdict(self).items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def is_filtered(self) -> bool:
        """Whether some cases are left out."""
        return bool(replace(self, sort="").query)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the kind was chosen."""
        return self != self.widened

    @property
    def widened(self) -> Wanted:
        """All cases of the kind, oldest first."""
        return Wanted(kind=self.kind)

    def of_kind(self, kind: str) -> Wanted:
        return replace(self, kind=kind)

    def cases(self) -> CaseQuerySet:
        """The waiting cases that pass, each with its ``place`` in the order and the ``mark`` of its cluster."""
        return Case.objects.waiting().filter(self._filter()).annotate(mark=MARK, place=self.order.key)

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]

    def sorted(self, cases: CaseQuerySet) -> CaseQuerySet:
        falling = "-" if self.order.is_falling else ""
        return cases.order_by(f"{falling}place", "id")

    def lines(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Of these cases the first of each cluster, sorted: what hangs together takes one line."""
        # Asked row by row, so that a page of a long queue looks at no more rows than it shows.
        place = {f"place__{'gt' if self.order.is_falling else 'lt'}": OuterRef("place")}
        before = Q(**place) | Q(place=OuterRef("place"), id__lt=OuterRef("pk"))
        earlier = self.cases().filter(before, cluster=OuterRef("cluster"))
        return self.sorted(cases.filter(~Exists(earlier)))

    def from_on(self, place: Any, pk: int, *, itself: bool = False) -> Q:
        """Cases that come after this place in the order, or at it too."""
        further = Q(place__lt=place) if self.order.is_falling else Q(place__gt=place)
        beside = Q(id__gte=pk) if itself else Q(id__gt=pk)
        return further | Q(place=place) & beside

    def after(self, cursor: str) -> Q:
        """Cases that come after the one a page ended with; all of them when the cursor makes no sense."""
        place, _, pk = cursor.rpartition("~")
        try:
            return self.from_on(self.order.read(place), int(pk[:18]))
        except ValueError:
            return Q()

    def beyond(self, last: Case) -> str:
        """The end of the address of the page that comes after one which ends with this case."""
        place = last.place  # type: ignore[attr-defined]
        written = place.isoformat() if isinstance(place, datetime) else repr(place)
        return f"{self.query or '?'}&{urlencode({'after': f'{written}~{last.pk}'})}"

    def _filter(self) -> Q:
        found = Q(**{name: value for name, value in self._plain() if value})
        if self.sure:
            found &= _band(self.sure)
        if self.age:
            found &= Q(created_at__lt=timezone.now() - timedelta(days=_DAYS[self.age]))
        if self.tag:
            found &= _with_tag(self.tag)
        return found

    def _plain(self) -> tuple[tuple[str, str], ...]:
        return (
            ("kind", self.kind),
            ("match__relation", self.relation),
            ("picture__owner__username__iexact", self.by),
        )


def _band(sure: str) -> Q:
    matching = conf().matching
    low, high = matching.ask_probability, matching.confident_probability
    if sure == "sure":
        return Q(match__probability__gte=high)
    if sure == "likely":
        return Q(match__probability__gte=low, match__probability__lt=high)
    return Q(match__probability__lt=low)


def _with_tag(name: str) -> Q:
    tagged = Picture.objects.filter(post__tags__name=name.lower()).values("pk")
    return Q(picture__in=tagged) | Q(match__query__in=tagged) | Q(match__candidate__in=tagged)
