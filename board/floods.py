"""Requests that are too large to be read at all."""

from __future__ import annotations

from django.http import HttpRequest

from dedupe.imaging import Limits


def is_flood(request: HttpRequest) -> bool:
    """Whether a request announces more than twice the largest picture.

    So one that is somewhat too large gets a reason, and a flood is not even read.
    """
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    return announced > 2 * Limits().max_bytes
