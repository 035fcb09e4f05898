"""What staff did, for operators: every act that changed something, with who did it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from board.audit import KINDS, acts_of_staff
from board.pages.access import only_with
from dedupe.models import Power

PAGE = 50


@only_with(Power.OPERATE)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """``?kind=`` and ``?person=`` choose, ``?before=`` goes on behind a moment."""
    kind, person = (
        request.GET.get("kind", ""),
        request.GET.get("person", "").strip()[:150].replace("\x00", ""),
    )
    kind = kind if kind in KINDS else ""
    before = _moment(request.GET.get("before", ""))
    acts = acts_of_staff(kind=kind, person=person, before=before, most=PAGE + 1)
    given = {name: value for name, value in (("kind", kind), ("person", person)) if value}
    onward = given | {"before": acts[PAGE - 1].at.isoformat()} if len(acts) > PAGE else {}
    context = {
        "acts": acts[:PAGE],
        "kinds": [("", _("All")), *((name, _(words)) for name, words in KINDS.items())],
        "kind": kind,
        "person": person,
        "newest": f"?{urlencode(given)}" if before is not None else "",
        "older": f"?{urlencode(onward)}" if onward else "",
    }
    return render(request, "audit.html", context)


def _moment(text: str) -> datetime | None:
    """A moment that this page wrote into an address, or None for anything else."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
