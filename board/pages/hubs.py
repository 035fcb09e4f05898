"""Taking a hub out of matching: a picture that many different ones look like, such as a template."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from board.pages.access import only_with, person
from board.pages.problems import PROBLEMS, refusal_page
from dedupe import workflow
from dedupe.models import Match, Picture, Power, Verdict

_ACTS = {
    "block": (
        workflow.block_from_matching,
        gettext_lazy("Done. Nobody is asked about this picture any more."),
    ),
    "allow": (workflow.let_match_again, gettext_lazy("Done. Uploads are compared with this picture again.")),
}


@dataclass(frozen=True)
class Asked:
    """How often a picture was matched, and how often people said that the other one was different."""

    matches: int
    different: int


def asked_about(picture: Picture) -> Asked:
    """What speaks for taking a picture out of matching, or against it."""
    counts = Match.objects.about(picture).aggregate(
        matches=Count("pk"), different=Count("pk", filter=Q(verdict=Verdict.DIFFERENT))
    )
    return Asked(**counts)


@only_with(Power.BLOCK_HUBS)
@require_POST
def matching(request: HttpRequest, public_id: str) -> HttpResponse:
    """Block a live picture from matching or let it be matched again; a reason must be given."""
    shown = Picture.objects.live().filter(public_id=public_id).first()
    act = request.POST.get("act", "")
    if shown is None or act not in _ACTS:
        raise Http404("There is no such picture.")
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, gettext("Please say in a few words why. Nothing was changed."))
        return redirect("picture", public_id=public_id)
    carry_out, done = _ACTS[act]
    try:
        carry_out(person(request), shown, reason)
    except PROBLEMS as problem:
        return refusal_page(request, problem, reverse("picture", args=[public_id]))
    messages.success(request, done)
    return redirect("picture", public_id=public_id)
