"""Start-up checks: the decoders that we promise are there, and the settings of the app make sense."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from PIL import features

from dedupe.conf import conf
from dedupe.jail import confinement
from dedupe.search.embedders import configured


@register()
def decoders_are_there(**_: Any) -> list[CheckMessage]:
    """Pillow was built with every codec of the five formats."""
    missing = [codec for codec in ("jpg", "zlib", "webp", "avif") if not features.check(codec)]
    if not missing:
        return []
    return [Error(f"Pillow lacks these codecs: {', '.join(missing)}.", id="dedupe.E001")]


@register(Tags.security, deploy=True)
def decoders_can_be_confined(**_: Any) -> list[CheckMessage]:
    """The kernel can take files, network and processes away from the children that read strangers' files."""
    if confinement.is_possible():
        return []
    return [
        Caution(
            "Decoding children cannot be confined here: they keep the right to open files.",
            hint="Run workers on Linux (x86-64 or AArch64) with seccomp.",
            id="dedupe.W001",
        )
    ]


@register()
def settings_are_known(**_: Any) -> list[CheckMessage]:
    """``settings.DEDUPE`` names only what exists, and in an order that can work."""
    try:
        matching = conf().matching
    except ImproperlyConfigured as error:
        return [Error(str(error), id="dedupe.E002")]
    if not 0 <= matching.ask_probability <= matching.confident_probability <= 1:
        return [Error("DEDUPE: 0 ≤ ask_probability ≤ confident_probability ≤ 1 must hold.", id="dedupe.E003")]
    return []


@register()
def embedders_can_be_made(**_: Any) -> list[CheckMessage]:
    """Every embedder of the settings can be imported and made, models among them, and has a name of its own.

    They are made once and kept: in a Celery worker before it forks, so that its children share their memory.
    """
    try:
        broken = configured().broken
    except ImproperlyConfigured:
        return []  # E002 says so
    return [Error(f"DEDUPE, embedders: {each.reason}.", id="dedupe.E004") for each in broken]
