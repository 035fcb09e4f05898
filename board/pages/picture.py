"""The page of one picture, what leads to it, and what people may do there."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from board.editing import is_editable, may_edit
from board.outcome import outcome_of
from board.pages.access import may_manage, own_upload, person
from board.pages.around import around
from board.pages.forms import ReportForm
from board.pages.hubs import asked_about
from board.pages.lines import lines_of, with_ledger
from board.pages.naming import picture_at
from board.pages.problems import PROBLEMS, refusal_page, status_for, words_for
from board.pages.talk import talk_context
from board.pages.undoing import newest_undoable
from board.pages.visits import glance, is_visit, kept
from dedupe import workflow
from dedupe.models import Picture, Power, State
from dedupe.permissions import may, may_take_back
from dedupe.visibility import Sight, history_of, redirects_to, sight_of, variants_of

_LISTED = 50


@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponse:
    """A live picture; an old address leads on to it; one that leads nowhere says that it is gone."""
    if not is_visit(request):
        return _answer(request, public_id)
    there = glance(public_id)
    if there.leads_to:
        return _lead_on(there.leads_to)
    if there.mark:
        return kept(request, there.mark, partial(_answer, request, public_id))
    return _answer(request, public_id)


def _answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same for whoever asks, made anew."""
    shown = _found_at(public_id, Picture.objects.all())
    sight = sight_of(request.user, shown)
    if sight is Sight.NOTHING:
        raise Http404("There is no such picture.")
    if sight in {Sight.PUBLISHED, Sight.INSIDE}:
        return picture_page(request, shown)
    insider = may_manage(request.user, shown)
    if insider and request.GET.get("stay"):
        return picture_page(request, shown)
    if sight is Sight.LEADS_ON:
        assert shown.duplicate_of is not None
        return _lead_on(shown.duplicate_of.public_id, came_from=shown.public_id if insider else "")
    return _gone(request, shown, insider)


def find_picture(public_id: str, among: QuerySet[Picture] | None = None) -> Picture:
    """The picture of this address ``among`` some, or whoever may see it. Raises Http404."""
    pictures = Picture.objects.all() if among is None else among
    return _found_at(public_id, pictures.prefetch_related("renditions"))


def _found_at(public_id: str, pictures: QuerySet[Picture]) -> Picture:
    """The same without its renditions, which only a page of its own shows: an old address just leads on."""
    pictures = pictures.select_related("owner", "post", "duplicate_of")
    found = pictures.filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such picture.")
    return found


def _lead_on(canonical: str, came_from: str = "") -> HttpResponse:
    """Lead to the canonical picture, unremembered by browsers, so that an undo takes effect at once."""
    address = reverse("picture", args=[canonical])
    response = HttpResponsePermanentRedirect(f"{address}?from={came_from}" if came_from else address)
    response["Cache-Control"] = "no-cache"
    return response


def _gone(request: HttpRequest, shown: Picture, insider: bool) -> HttpResponse:
    context = {"removed": shown.state == State.REMOVED, "picture": shown, "insider": insider}
    return render(request, "410.html", context, status=410)


def picture_page(
    request: HttpRequest,
    shown: Picture,
    form: ReportForm | None = None,
    problem: str = "",
    status: int = 200,
    *,
    talk: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a picture that this person may see; ``talk`` is the context of its comments, if it is known."""
    insider = may_manage(request.user, shown)
    there = around(request.user, shown)
    prefetch_related_objects([shown], "renditions")
    context: dict[str, Any] = {
        "picture": shown,
        "outcome": outcome_of(shown),
        "is_live": shown.state == State.LIVE,
        "insider": insider,
        "may_take_back": may_take_back(request.user, shown),
        "variants": variants_of(shown).select_related("post").prefetch_related("renditions")
        if there.variants
        else (),
        "form": form or ReportForm(),
        "problem": problem,
        "editable": may_edit(request.user, shown) and is_editable(shown),
        "liking": there.liking,
        "has_galleries": there.galleries,
        **(talk or talk_context(request, shown, has_comments=there.comments)),
        "led_here": [],
    }
    if there.redirects:
        context["led_here"] = list(redirects_to(shown, request.user).order_by("-state_since")[:_LISTED])
    if insider:
        history = with_ledger(history_of(shown, request.user)).order_by("-id")[:_LISTED]
        context["history"] = lines_of(request.user, history, shown)
        context["undoable"] = newest_undoable(request.user, shown)
    if shown.state == State.LIVE and may(request.user, Power.BLOCK_HUBS):
        context["asked"] = asked_about(shown)
    context["may_split"] = shown.state == State.LIVE and may(request.user, Power.UNDO_OTHERS)
    context["came_from"] = _came_from(request, shown, context["led_here"])
    return render(request, "picture/picture.html", context, status=status)


def _came_from(request: HttpRequest, shown: Picture, led_here: list[Picture]) -> Picture | None:
    """The old address by which its uploader or a reviewer came here, so that they can go back to it."""
    wanted = request.GET.get("from", "")
    origin = next((each for each in led_here if each.public_id == wanted), None)
    return origin if origin is not None and may_manage(request.user, origin) else None


@login_required
@require_POST
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell staff about a picture, mostly that it repeats another one."""
    shown = find_picture(public_id, Picture.objects.visible_to(person(request)))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return picture_page(request, shown, form, _("Please say in a few words why staff should look."), 400)
    other = picture_at(form.cleaned_data["other"])
    if form.cleaned_data["other"] and other is None:
        return picture_page(
            request, shown, form, _("There is no published picture at the other address."), 400
        )
    try:
        workflow.report_picture(person(request), shown, form.cleaned_data["reason"], other)
    except PROBLEMS as problem:
        return picture_page(request, shown, form, words_for(problem), status_for(problem))
    messages.success(request, _("Thank you. Staff will look at it."))
    return redirect("picture", public_id=public_id)


@login_required
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a picture back, or remove it as staff."""
    upload = own_upload(request, public_id)
    back = reverse("upload-status", args=[public_id])
    try:
        workflow.withdraw(person(request), upload, request.POST.get("reason", ""))
    except PROBLEMS as problem:
        return refusal_page(request, problem, back)
    messages.success(request, _("Done. It is not shown any more."))
    return redirect(back)
