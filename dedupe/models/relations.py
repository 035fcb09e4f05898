"""What a match may be, as people say it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dedupe.imaging import Relation

_WORDS = {
    Relation.IDENTICAL_BYTES: _("identical bytes"),
    Relation.SAME_PIXELS: _("same pixels"),
    Relation.RE_ENCODED: _("re-encoded"),
    Relation.RESIZED: _("resized"),
    Relation.RECOLOURED: _("recoloured"),
    Relation.GREYSCALE: _("greyscale"),
    Relation.CROPPED: _("cropped"),
    Relation.FRAMED: _("framed"),
    Relation.CAPTIONED: _("captioned"),
    Relation.MIRRORED: _("mirrored"),
    Relation.ROTATED: _("rotated"),
    Relation.CONTAINS: _("contains"),
    Relation.CONTAINED: _("contained"),
    Relation.VARIANT: _("variant"),
}
RELATIONS = [(relation.value, _WORDS[relation]) for relation in Relation]
"""The choices of a field that holds a relation."""


def relation_words(relation: Relation) -> str:
    """A relation in a word or two, in small letters."""
    return str(_WORDS[relation])
