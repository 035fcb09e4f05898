"""Changing a picture's title, tags and source after its upload."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from board.editing import Change, EditedMeanwhile, Words, edit_post, may_edit
from board.models import Edit, Post
from board.pages.access import person
from board.pages.forms import UploadForm
from board.pages.problems import PROBLEMS, status_for, words_for
from dedupe.models import Picture
from dedupe.permissions import may_review

_LISTED = 50
_LABELS = {"title": _("Title"), "source": _("Source"), "tags": _("Tags")}


class EditForm(UploadForm):
    """The words of an upload without its file, and the version of them that the editor saw."""

    file = None  # type: ignore[assignment]
    tags = forms.CharField(
        label=_("Tags"), max_length=2000, required=False, widget=forms.TextInput(attrs={"data-tags": ""})
    )
    reason = forms.CharField(label=_("Why?"), max_length=500, required=False)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def change(self) -> Change:
        given = self.details()
        return Change(given["title"], given["source"], tuple(given["tags"]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the form, or take it. When somebody was faster, their words are shown beside those that were typed."""
    picture = _picture(request, public_id)
    if request.method != "POST":
        return _page(request, picture, EditForm(initial=_filled(Words.of(picture.post))))
    form = EditForm(request.POST)
    if not form.is_valid():
        return _page(request, picture, form, status=400)
    try:
        given = form.cleaned_data
        done = edit_post(person(request), picture, form.change(), given["seen"], given["reason"])
    except EditedMeanwhile as problem:
        return _page(request, picture, _seen_now(request, picture), str(problem), 409, is_behind=True)
    except PROBLEMS as problem:
        return _page(request, picture, form, words_for(problem), status_for(problem))
    messages.success(
        request, gettext("Saved.") if done else gettext("It said that already, so nothing was changed.")
    )
    return redirect("picture", public_id=public_id)


def _picture(request: HttpRequest, public_id: str) -> Picture:
    pictures = Picture.objects.select_related("post").prefetch_related("renditions", "post__tags")
    picture = pictures.filter(public_id=public_id).first()
    if picture is None or not may_edit(request.user, picture):
        raise Http404("There is no such picture.")
    return picture


def _filled(words: Words) -> dict[str, str]:
    return {
        "title": words.title,
        "source": words.source,
        "tags": ", ".join(words.tags),
        "seen": words.version,
    }


def _seen_now(request: HttpRequest, picture: Picture) -> EditForm:
    """The form with what was typed; saved once more, it stands over the words that its editor sees now."""
    picture.post = Post.objects.prefetch_related("tags").get(picture=picture)
    typed = request.POST.copy()
    typed["seen"] = Words.of(picture.post).version
    return EditForm(typed)


def _page(
    request: HttpRequest,
    picture: Picture,
    form: EditForm,
    problem: str = "",
    status: int = 200,
    *,
    is_behind: bool = False,
) -> HttpResponse:
    edits = Edit.objects.filter(post=picture.post).select_related("editor")[:_LISTED]
    context: dict[str, Any] = {
        "picture": picture,
        "form": form,
        "problem": problem,
        "is_of_another": not picture.is_owned_by(request.user),
        "theirs": _filled(Words.of(picture.post)) if is_behind else None,
        "edits": [(each, _editor(request, each), _lines(each)) for each in edits],
    }
    return render(request, "picture/edit.html", context, status=status)


def _editor(request: HttpRequest, edit: Edit) -> str:
    """Who changed it: oneself by name, staff by name only among themselves."""
    if edit.editor_id == request.user.pk or may_review(request.user):
        return edit.editor.get_username()
    return gettext("Staff")


def _lines(edit: Edit) -> list[tuple[str, str, str]]:
    """Each field that was changed: what it is called, what it said, and what it says since."""
    return [
        (str(_LABELS[name]), _as_text(edit.before[name]), _as_text(edit.after[name]))
        for name in _LABELS
        if name in edit.after
    ]


def _as_text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
