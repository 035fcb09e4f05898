"""What people type about their galleries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from board.models import Gallery
from dedupe.errors import WorkflowError

_TITLE, _DESCRIPTION = 120, 1000


class GalleryForm(forms.Form):
    """How a gallery is called, and what it is about."""

    title = forms.CharField(label=_("Title"), max_length=_TITLE)
    description = forms.CharField(
        label=_("Description"),
        max_length=_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def refuse(self, problem: WorkflowError) -> None:
        """Say beside the title why it could not be done."""
        self.add_error("title", str(problem))


class PutForm(forms.Form):
    """Into which gallery a picture goes: one of one's own, or a new one of this title."""

    gallery = forms.ModelChoiceField(
        Gallery.objects.none(), label=_("Gallery"), required=False, empty_label=_("A new gallery")
    )
    title = forms.CharField(label=_("Title of a new gallery"), max_length=_TITLE, required=False)

    def __init__(self, owner: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "put_%s", **options})
        own = Gallery.objects.filter(owner=owner).order_by("title")
        self.fields["gallery"].queryset = own  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given.get("gallery") and not given.get("title"):
            self.add_error("title", _("Choose one of your galleries, or give a title for a new one."))
        return given


class MoveForm(forms.Form):
    """Where a picture is to go: a step, or a place."""

    picture = forms.CharField(max_length=14)
    step = forms.IntegerField(required=False, min_value=-1, max_value=1)
    place = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and given.get("step") is None and given.get("place") is None:
            raise forms.ValidationError(_("Give the number of a place."))
        return given
