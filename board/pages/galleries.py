"""Galleries: the list of all, the page of one, and what their owners do with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from board import galleries as acts
from board.models import Gallery, GalleryPlace
from board.pages.access import person
from board.pages.gallery_forms import GalleryForm
from board.pages.problems import refusal_page
from dedupe.errors import WorkflowError
from dedupe.models import Picture

PAGE = 24
PICTURES = 60


@require_safe
def galleries(request: HttpRequest) -> HttpResponse:
    """Everybody's, newest first; ``?person=`` narrows to one person's, ``?before=`` goes on behind a gallery."""
    owner = request.GET.get("person", "").replace("\0", "").strip()[:150]
    before = request.GET.get("before", "")
    found = Gallery.objects.listed_for(request.user)
    if owner:
        found = found.filter(owner__username__iexact=owner)
    if before.isdecimal():
        found = found.filter(pk__lt=int(before))
    shown = list(found.with_extent().select_related("owner").order_by("-pk")[: PAGE + 1])
    context = {
        "galleries": with_covers(shown[:PAGE]),
        "older": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "is_first_page": not before,
        "person": owner,
    }
    return render(request, "galleries/galleries.html", context)


def with_covers(found: Iterable[Any]) -> list[Any]:
    """These galleries, each with its ``cover``: the first picture that it shows, or None."""
    listed = list(found)
    wanted = [each.cover_id for each in listed if each.cover_id is not None]
    covers = Picture.objects.live().prefetch_related("renditions").in_bulk(wanted)
    for each in listed:
        each.cover = covers.get(each.cover_id)
    return listed


@require_safe
def gallery(request: HttpRequest, pk: int) -> HttpResponse:
    """The pictures of a gallery that are published, in its order."""
    shown = gallery_named(pk)
    page = pictures_of(shown, request.GET.get("page"), PICTURES)
    context = {
        "gallery": shown,
        "page": page,
        "is_own": acts.may_change(request.user, shown),
        "may_delete": acts.may_delete(request.user, shown),
    }
    return render(request, "galleries/gallery.html", context)


def gallery_named(pk: int) -> Gallery:
    """Raises Http404."""
    found = Gallery.objects.select_related("owner").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such gallery.")
    return found


def pictures_of(shown: Gallery, number: str | int | None, size: int) -> Page[GalleryPlace]:
    """A page of the places of a gallery with what a card shows of their pictures."""
    return Paginator(shown_places(shown), size).get_page(number)


def shown_places(shown: Gallery) -> QuerySet[GalleryPlace]:
    """The places whose pictures are published, in their order."""
    places = GalleryPlace.objects.filter(gallery=shown).shown().order_by("position", "pk")
    return places.select_related("picture__post").prefetch_related("picture__renditions")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_gallery(request: HttpRequest) -> HttpResponse:
    """Make a gallery; it is filled from the pages of pictures."""
    form = GalleryForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = acts.make_gallery(person(request), **form.cleaned_data)
        except WorkflowError as problem:
            form.refuse(problem)
        else:
            messages.success(
                request, _("“{title}” is made. Add pictures to it from their pages.").format(title=made.title)
            )
            return redirect("gallery-pictures", pk=made.pk)
    return render(request, "galleries/change.html", {"form": form}, status=400 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_gallery(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or describe a gallery of one's own."""
    changed = own_gallery(request, pk)
    known = {"title": changed.title, "description": changed.description}
    form = GalleryForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_bound and form.is_valid():
        try:
            acts.change_gallery(person(request), changed, **form.cleaned_data)
        except WorkflowError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("gallery-pictures", pk=pk)
    context = {"form": form, "gallery": changed}
    return render(request, "galleries/change.html", context, status=400 if form.is_bound else 200)


def own_gallery(request: HttpRequest, pk: int) -> Gallery:
    """A gallery of this person. Raises Http404, and PermissionDenied for anybody else's."""
    found = gallery_named(pk)
    if not acts.may_change(request.user, found):
        raise PermissionDenied("Only its owner may change this gallery.")
    return found


@login_required
@require_POST
def delete_gallery(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a gallery away. Its pictures stay."""
    deleted = gallery_named(pk)
    try:
        acts.delete_gallery(person(request), deleted)
    except WorkflowError as problem:
        return refusal_page(request, problem, reverse("galleries"))
    messages.success(
        request, _("“{title}” is deleted. Its pictures are still here.").format(title=deleted.title)
    )
    return redirect("galleries")
