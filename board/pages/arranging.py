"""Putting a gallery in order, and taking pictures out of it. Works by forms; arrange.js saves the loading."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from board import galleries as acts
from board.galleries import Aim, Place, Step
from board.models import Gallery
from board.pages.access import person
from board.pages.galleries import own_gallery, pictures_of
from board.pages.gallery_forms import MoveForm
from board.pages.problems import refusal_page
from board.templatetags.doppel import headline
from dedupe.errors import WorkflowError
from dedupe.models import Picture

PAGE = 100


@login_required
@require_safe
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """The pictures of one's own gallery as a list, each with its place and the ways to move it."""
    return _page(request, own_gallery(request, pk), request.GET.get("page"))


def _page(
    request: HttpRequest, arranged: Gallery, number: str | int | None, problem: str = "", status: int = 200
) -> HttpResponse:
    page = pictures_of(arranged, number, PAGE)
    context = {"gallery": arranged, "page": page, "problem": problem}
    return render(request, "galleries/arrange.html", context, status=status)


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a picture by a step or to a place, and show it where it stands then."""
    arranged = own_gallery(request, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        words = _("To move a picture, give the number of a place: 1 is the first.")
        return _page(request, arranged, request.POST.get("page"), words, 400)
    picture = _picture(form.cleaned_data["picture"])
    try:
        place = acts.move_picture(person(request), arranged, picture, _aim(form.cleaned_data))
    except WorkflowError as problem:
        return refusal_page(request, problem, reverse("gallery-arrange", args=[pk]))
    messages.success(
        request, _("“{name}” is number {place} now.").format(name=headline(picture), place=place)
    )
    return redirect(_address(pk, place, picture))


def _aim(given: dict[str, Any]) -> Aim:
    return Step(given["step"]) if given["step"] is not None else Place(given["place"])


def _address(pk: int, place: int, picture: Picture) -> str:
    """Where the moved picture is seen: its page of the list, at its line."""
    number = (place - 1) // PAGE + 1
    page = f"?page={number}" if number > 1 else ""
    return f"{reverse('gallery-arrange', args=[pk])}{page}#p-{picture.public_id}"


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a picture out of one's own gallery."""
    arranged = own_gallery(request, pk)
    picture = _picture(request.POST.get("picture", ""))
    try:
        acts.remove_picture(person(request), arranged, picture)
    except WorkflowError as problem:
        return refusal_page(request, problem, reverse("gallery-arrange", args=[pk]))
    messages.success(request, _("“{name}” is not in this gallery any more.").format(name=headline(picture)))
    return redirect("gallery-arrange", pk=pk)


def _picture(public_id: str) -> Picture:
    pictures = Picture.objects.live().select_related("post")
    found = pictures.filter(public_id=public_id.replace("\0", "")).first()
    if found is None:
        raise Http404("There is no such picture.")
    return found
