"""What templates say about pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from board import prose
from board.pages import wording
from board.pages.choices import reason_in_words
from board.pages.full_size import longest_of_full
from dedupe.models import Decision, DecisionKind, Picture, Rendition, Role, Verdict

register = template.Library()


@register.simple_tag
def offered_languages() -> list[tuple[str, str]]:
    """The code of each language of the site, and what it is called in that language."""
    return list(settings.LANGUAGES)


@register.simple_tag
def rendition(picture: Picture | None, kind: str) -> Rendition | None:
    """The rendition of a kind, for its width and height."""
    return picture.rendition(kind) if picture else None


@register.inclusion_tag("_image.html")
def image(
    picture: Picture,
    kind: str,
    alt: str = "",
    *,
    css: str = "",
    lazy: bool = False,
    first: bool = False,
    sizes: str = "",
    closely: bool = False,
) -> dict[str, Any]:
    """A picture in the size of a rendition that it has: as AVIF where that is made already, else as JPEG.

    ``lazy``: it may lie below what is seen first. ``first``: it is what the page is about. ``sizes``: how wide it is
    drawn, where the browser may choose among the renditions up to this one. ``closely``: it can be zoomed into, with
    more detail than the rendition has.
    """
    shown = picture.rendition(kind)
    kinds = [Rendition.Kind.SMALL.value, kind] if sizes and kind != Rendition.Kind.SMALL else [kind]
    return {
        "picture": picture,
        "shown": shown,
        "alt": alt,
        "css": css,
        "lazy": lazy,
        "first": first,
        "sizes": sizes,
        "srcset": _srcset(picture, kinds, sizes) if sizes else "",
        "avif": _srcset(picture, [f"{each}_avif" for each in kinds], sizes),
        "pixels": longest_of_full(picture) if closely else 0,
    }


def _srcset(picture: Picture, kinds: list[str], sizes: str) -> str:
    """The addresses of the renditions of these kinds, with their widths if there is a choice; empty if one lacks."""
    rows = [row for row in map(picture.rendition, kinds) if row is not None]
    if len(rows) < len(kinds):
        return ""
    # A small picture is its own large one: the same bytes twice are no choice.
    by_width = {row.width: reverse("rendition", args=[row.key]) for row in rows}
    return ", ".join(f"{address} {width}w" if sizes else address for width, address in by_width.items())


@register.filter
def headline(picture: Picture) -> str:
    """What a picture is called: its title, else its tags, else that it has none."""
    post = getattr(picture, "post", None)
    return (post.title if post else "") or _("Untitled picture")


@register.simple_tag
def deed(decision: Decision, who: str, *, is_named: bool = False, is_self: bool = False) -> SafeString:
    """What somebody did, as a sentence without its full stop; a name of an account leads to its page."""
    name = format_html('<a href="{}">{}</a>', reverse("profile", args=[who]), who) if is_named else who
    return format_html(_sentence(decision), who=name if is_self else format_html("<b>{}</b>", name))


def _sentence(decision: Decision) -> str:
    if decision.kind == DecisionKind.ANSWER:
        return str(_IDENTICAL if decision.actor_id is None else _ANSWERS[Verdict(decision.verdict)])
    if decision.kind == DecisionKind.REVIEW:
        if decision.upheld is None:
            return _("{who} decided a case")
        return _("{who} upheld a case") if decision.upheld else _("{who} reversed a case")
    if decision.kind == DecisionKind.WITHDRAWAL:
        is_removal = decision.role == Role.STAFF
        return _("{who} removed the picture") if is_removal else _("{who} took the picture back")
    return str(_OTHER_DEEDS[DecisionKind(decision.kind)])


_OTHER_DEEDS = {
    DecisionKind.UNDO: gettext_lazy("{who} undid an earlier decision"),
    DecisionKind.BLOCK: gettext_lazy("{who} took the picture out of matching"),
    DecisionKind.UNBLOCK: gettext_lazy("{who} let the picture be matched again"),
    DecisionKind.SPLIT: gettext_lazy("{who} split the picture off again"),
    DecisionKind.EDIT: gettext_lazy("{who} changed what is said of the picture"),
}
_IDENTICAL = gettext_lazy("{who} saw that both files are the same, byte for byte")
_ANSWERS = {
    Verdict.SAME: gettext_lazy("{who} said that it is the same picture"),
    Verdict.BETTER: gettext_lazy("{who} said that the new copy is better"),
    Verdict.VARIANT: gettext_lazy("{who} called it a variant"),
    Verdict.DIFFERENT: gettext_lazy("{who} called it a different picture"),
}


@register.filter
def in_words(reason: str) -> str:
    """The reason of a decision: a ready-made one in the language of whoever reads it."""
    return reason_in_words(reason)


@register.filter
def bytes_words(size: int) -> str:
    """A number of bytes as people say it."""
    return wording.bytes_words(size)


@register.filter
def dimensions(picture: Picture) -> str:
    """Width by height."""
    return wording.dimensions(picture)


@register.filter
def format_words(picture: Picture) -> str:
    """Format and quality."""
    return wording.format_words(picture)


@register.filter
def colours(picture: Picture) -> str:
    """The name of the colour profile, or nothing."""
    return wording.profile_words(picture)


@register.filter
def percent(share: float | None) -> str:
    """A share as a percentage, or a dash when there is none."""
    return "–" if share is None else prose.percent(share)


@register.filter
def duration(seconds: float | None) -> str:
    """A time span as people say it."""
    if seconds is None:
        return "–"
    for words, length in _SPANS:
        if seconds >= length:
            return words % {"count": round(seconds / length)}
    return _("{count} seconds").format(count=round(seconds))


_SPANS = (
    (ngettext_lazy("%(count)d day", "%(count)d days", "count"), 86400),
    (ngettext_lazy("%(count)d hour", "%(count)d hours", "count"), 3600),
    (ngettext_lazy("%(count)d minute", "%(count)d minutes", "count"), 60),
)


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, short: 2 min, 3 h, 4 days."""
    if moment is None:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < 60:
        return _("now")
    for words, length in _AGES:
        if seconds >= length:
            return words.format(count=int(seconds // length))
    return _("now")


_AGES = (
    (gettext_lazy("{count} d"), 86400),
    (gettext_lazy("{count} h"), 3600),
    (gettext_lazy("{count} min"), 60),
)


@register.filter
def safe_source(address: str) -> str:
    """An address that may be linked to: http or https with a host, else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.filter
def host(address: str) -> str:
    """The host of an address, to show where a link leads."""
    return urlsplit(address).hostname or address


@register.inclusion_tag("_field.html")
def field(bound: Any, hint: str = "") -> dict[str, Any]:
    """A form field with its label, hint and errors."""
    return {"field": bound, "hint": hint or bound.help_text}
