"""What templates say about pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.urls import reverse
from django.utils import timezone

from board.pages import wording
from dedupe.models import Decision, DecisionKind, Picture, Rendition, Role, Verdict

register = template.Library()


@register.simple_tag
def rendition_url(picture: Picture, kind: str) -> str:
    """The address of a rendition, or nothing before the analysis has made it."""
    found = picture.rendition(kind)
    return reverse("rendition", args=[found.key]) if found else ""


@register.simple_tag
def rendition(picture: Picture | None, kind: str) -> Rendition | None:
    """The rendition of a kind, for its width and height."""
    return picture.rendition(kind) if picture else None


@register.filter
def headline(picture: Picture) -> str:
    """What a picture is called: its title, else its tags, else that it has none."""
    post = getattr(picture, "post", None)
    return (post.title if post else "") or "Untitled picture"


@register.filter
def deed(decision: Decision) -> str:
    """What somebody did, to stand after their name."""
    if decision.kind == DecisionKind.ANSWER:
        return _IDENTICAL if decision.actor_id is None else _ANSWERS[decision.verdict]
    if decision.kind == DecisionKind.REVIEW:
        if decision.upheld is None:
            return "decided a case"
        return "upheld a case" if decision.upheld else "reversed a case"
    if decision.kind == DecisionKind.WITHDRAWAL:
        return "removed the picture" if decision.role == Role.STAFF else "took the picture back"
    return _OTHER_DEEDS[decision.kind]


_OTHER_DEEDS: dict[str, str] = {
    DecisionKind.UNDO: "undid an earlier decision",
    DecisionKind.BLOCK: "took the picture out of matching",
    DecisionKind.UNBLOCK: "let the picture be matched again",
}
_IDENTICAL = "saw that both files are the same, byte for byte"
_ANSWERS: dict[str, str] = {
    Verdict.SAME: "said that it is the same picture",
    Verdict.BETTER: "said that the new copy is better",
    Verdict.VARIANT: "called it a variant",
    Verdict.DIFFERENT: "called it a different picture",
}


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
def percent(share: float | None) -> str:
    """A share as a percentage, or a dash when there is none."""
    return "–" if share is None else f"{share * 100:.0f} %"


@register.filter
def duration(seconds: float | None) -> str:
    """A time span as people say it."""
    if seconds is None:
        return "–"
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds:.0f} seconds"


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, short: 2 min, 3 h, 4 days."""
    if moment is None:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < 60:
        return "now"
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return "now"


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
