"""Which routes are counted in which group: the one table. A route without a line here fails a test.

A line is the pattern of a route as it is written in urls.py. Alone it counts among everything. ``METHOD=group`` counts
the requests of a method in a group besides, ``METHOD?name=group`` only those that give this parameter a value, and
``*=group`` puts every request of the route into this group alone. ``admin/**`` stands for all that begins so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest

from board.limits.groups import Group

TABLE = """
(front page)
pictures/<str:public_id>
pictures/<str:public_id>/original
pictures/<str:public_id>/full
pictures/<str:public_id>/merged
pictures/<str:public_id>/merged/<str:other_id>
pictures/<str:public_id>/report
pictures/<str:public_id>/withdraw
pictures/<str:public_id>/similar                          GET=similar HEAD=similar
pictures/<str:public_id>/galleries
pictures/<str:public_id>/edit
pictures/<str:public_id>/comment                          POST=comments
pictures/<str:public_id>/favourite
pictures/<str:public_id>/matching
renditions/<path:key>                                     *=images
matches/<int:pk>/differences.png                          GET=similar HEAD=similar
search                                                    POST=search GET?address=search HEAD?address=search
tags/
people/<path:name>
favourites/
notices/
notices/<int:pk>/object
comments/<int:pk>/remove
galleries/
galleries/new
galleries/<int:pk>
galleries/<int:pk>/change
galleries/<int:pk>/delete
galleries/<int:pk>/arrange
galleries/<int:pk>/move
galleries/<int:pk>/remove
upload                                                    POST=uploads
uploads/
uploads/questions
uploads/answered
uploads/answered/undo
uploads/<str:public_id>
uploads/<str:public_id>/answer
uploads/<str:public_id>/later
decisions/
decisions/<int:pk>/undo
decisions/<int:pk>/repeat
review/
review/identical
review/undo
review/<int:pk>
review/<int:pk>/claim
review/<int:pk>/close
review/<int:pk>/decide
review/<int:pk>/skip
stats/
audit/
language
words/<str:language>.js                                   *=images
register                                                  POST=register
sign-in                                                   POST=sign_in
sign-out
settings
settings/sign-out-everywhere
settings/tokens/<int:pk>/revoke

api/v1/
api/v1/openapi.json
api/v1/docs
api/v1/precheck                                           POST=precheck
api/v1/uploads                                            POST=uploads
api/v1/uploads/presign                                    POST=uploads
api/v1/uploads/incoming
api/v1/uploads/by-url                                     POST=uploads
api/v1/uploads/<upload_id>
api/v1/uploads/<upload_id>/complete
api/v1/uploads/<upload_id>/decision
api/v1/decisions
api/v1/decisions/<int:decision_id>
api/v1/pictures
api/v1/pictures/<picture_id>
api/v1/pictures/<picture_id>/similar                      GET=similar
api/v1/pictures/<picture_id>/report
api/v1/pictures/<picture_id>/matching
api/v1/pictures/<picture_id>/comments                     POST=comments
api/v1/pictures/<picture_id>/favourite
api/v1/comments/<int:comment_id>
api/v1/favourites
api/v1/notices
api/v1/notices/read
api/v1/notices/<int:notice_id>/objection
api/v1/galleries
api/v1/galleries/<int:gallery_id>
api/v1/galleries/<int:gallery_id>/pictures
api/v1/galleries/<int:gallery_id>/pictures/<picture_id>
api/v1/galleries/<int:gallery_id>/pictures/<picture_id>/move
api/v1/tags
api/v1/search                                             POST=search
api/v1/review
api/v1/review/<int:case_id>/claim
api/v1/review/<int:case_id>/decide
api/v1/stats

admin/login/                                              POST=sign_in
admin/**
healthz                                                   *=unlimited
readyz                                                    *=unlimited
metrics                                                   *=unlimited
"""
_FRONT = "(front page)"


@dataclass(frozen=True)
class Rule:
    """Which requests of a route count in a group. ``*`` is every method; then they count in no other."""

    method: str
    parameter: str
    group: Group

    def fits(self, request: HttpRequest) -> bool:
        """Whether this request is one of them."""
        if self.method not in {"*", request.method}:
            return False
        return not self.parameter or bool(request.GET.get(self.parameter, "").strip())


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """The table, by route."""
    return dict(_lines())


def _lines() -> Iterator[tuple[str, tuple[Rule, ...]]]:
    for line in filter(str.strip, TABLE.splitlines()):
        route, *cells = ["", *line.removeprefix(_FRONT).split()] if line.startswith(_FRONT) else line.split()
        yield route, tuple(map(_rule, cells))


def _rule(cell: str) -> Rule:
    asked, _, group = cell.partition("=")
    method, _, parameter = asked.partition("?")
    return Rule(method, parameter, Group(group))


def line_of(route: str) -> tuple[Rule, ...] | None:
    """The rules of a route; None when the table has no line for it."""
    found = rules().get(route)
    if found is None:
        parts = route.split("/")
        found = next(
            (rules()[name] for name in _wider(parts) if name in rules()),
            None,
        )
    return found


def _wider(parts: list[str]) -> Iterator[str]:
    """The lines that stand for all below a place, the narrowest first."""
    for length in range(len(parts) - 1, 0, -1):
        yield "/".join([*parts[:length], "**"])


def groups_of(route: str | None, request: HttpRequest) -> tuple[Group, ...]:
    """The groups that a request counts in. What no route takes, or no line names, counts among everything."""
    found = () if route is None else line_of(route) or ()
    fitting = [rule for rule in found if rule.fits(request)]
    alone = [rule.group for rule in fitting if rule.method == "*"]
    return tuple(alone) or (*(rule.group for rule in fitting), Group.EVERYTHING)
