"""Putting a picture into a gallery, from the picture's page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from board import galleries as acts
from board.models import Gallery, User
from board.pages.access import person
from board.pages.gallery_forms import PutForm
from dedupe.errors import WorkflowError
from dedupe.models import Picture


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def put_into_gallery(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a published picture into one of one's galleries, or into a new one."""
    pictures = Picture.objects.live().select_related("post").prefetch_related("renditions")
    picture = pictures.filter(public_id=public_id).first()
    if picture is None:
        raise Http404("There is no such picture.")
    user = person(request)
    form = PutForm(user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            with transaction.atomic():
                words = _put(user, picture, form)
        except WorkflowError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, words)
            return redirect("picture", public_id=public_id)
    context = {"form": form, "picture": picture}
    return render(request, "galleries/put.html", context, status=400 if form.is_bound else 200)


def _put(user: User, picture: Picture, form: PutForm) -> str:
    """What was done, as a sentence."""
    chosen, title = form.cleaned_data["gallery"], form.cleaned_data["title"]
    if title:  # whoever types the title of one that they have means that one
        chosen = Gallery.objects.filter(owner=user, title__iexact=title).first() or acts.make_gallery(
            user, title
        )
    if acts.add_picture(user, chosen, picture):
        return _("It is in “{title}” now.").format(title=chosen.title)
    return _("It was in “{title}” already.").format(title=chosen.title)
