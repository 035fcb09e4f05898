"""What people type, checked before it reaches the workflow."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, UserCreationForm
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from board.models import Tag, User
from board.offering import Chosen
from dedupe.models import Verdict

_REASON = 500
_LONGEST_NUMBER = 19  # digits of a row's number
_OF_SEVERAL = {Verdict.VARIANT, Verdict.DIFFERENT}


class SeveralFilesInput(forms.ClearableFileInput):
    """A file input that takes more than one."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """The files that were chosen, as a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        # No file at all is checked as one that is missing.
        given = list(data) if isinstance(data, (list, tuple)) and data else [data or None]
        if not self.required and given == [None]:
            return []
        return [super(SeveralFilesField, self).clean(each, initial) for each in given]


class UploadForm(forms.Form):
    """Files, and what the person says about all of them."""

    file = SeveralFilesField(label=_("Pictures"), allow_empty_file=True, max_length=None, required=False)
    address = forms.CharField(
        label=_("Or from an address"),
        max_length=2000,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    tags = forms.CharField(
        label=_("Tags"), max_length=500, required=False, widget=forms.TextInput(attrs={"data-tags": ""})
    )
    source = forms.URLField(
        label=_("Source"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "file" in given and not given["file"] and not given.get("address"):
            self.add_error("file", _("Please choose a picture first."))
        return given

    def details(self) -> dict[str, Any]:
        """What goes along with each file."""
        words = self.cleaned_data
        return {
            "title": words["title"],
            "tags": Tag.names_in(words["tags"]),
            "source": words["source"],
        }


class AnswerForm(forms.Form):
    """What the uploader says of one look-alike or of all, why, and which of their words go along with SAME.

    A reason may be a ready-made one or their own words. ``listed`` are the look-alikes that the page showed.
    """

    match = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    verdict = forms.ChoiceField(choices=Verdict.choices)
    reason = forms.CharField(max_length=_REASON, required=False)
    words = forms.CharField(max_length=_REASON, required=False)
    scope = forms.ChoiceField(choices=[("", "this one"), ("all", "all of them")], required=False)
    listed = forms.TypedMultipleChoiceField(coerce=int, required=False)
    source = forms.BooleanField(required=False)
    title = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        numbers = [
            each for each in data.getlist("listed") if each.isdecimal() and len(each) < _LONGEST_NUMBER
        ]
        self.fields["listed"].choices = [(each, each) for each in numbers]  # type: ignore[attr-defined]
        self._tags = tuple(data.getlist("tag"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["reason"] = given.get("reason") or given.get("words") or ""
        if given.get("verdict") == Verdict.DIFFERENT and not given["reason"]:
            raise forms.ValidationError(
                _("Please say in a few words what differs. It helps whoever looks later.")
            )
        if given.get("scope") and (given.get("verdict") not in _OF_SEVERAL or not given.get("listed")):
            raise forms.ValidationError(
                _("Of several look-alikes at once you can say only variant or different.")
            )
        return given

    def named(self) -> list[int]:
        """The numbers of the look-alikes that the answer is about."""
        return self.cleaned_data["listed"] if self.cleaned_data["scope"] else [self.cleaned_data["match"]]

    def chosen(self) -> Chosen:
        """Which words were ticked."""
        return Chosen(self._tags, source=self.cleaned_data["source"], title=self.cleaned_data["title"])


class ReportForm(forms.Form):
    """Why staff should look at a picture, and of which other one it may be a copy."""

    reason = forms.CharField(label=_("What should staff know?"), max_length=_REASON)
    other = forms.CharField(label=_("Address of the other picture"), max_length=500, required=False)


class RegistrationForm(UserCreationForm):  # type: ignore[type-arg]
    """A name and a password, twice."""

    class Meta:
        model = User
        fields = ["username"]


class NewPasswordForm(PasswordChangeForm):
    """The old password and the new one twice; and whether keys for programs end with it."""

    revoke = forms.BooleanField(label=_("Revoke all my keys for programs too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nobody came here to change the password alone: the page begins at its top.
        self.fields["old_password"].widget.attrs.pop("autofocus", None)


class TokenForm(forms.Form):
    """What a key for a program is called."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
