"""The kinds that are stored are those that are made, and the views are not displayed."""

from dedupe.imaging import RenditionKind
from dedupe.models import Rendition


def test_every_kind_that_is_made_can_be_stored() -> None:
    assert {kind.value for kind in RenditionKind} == set(Rendition.Kind.values)


def test_no_view_is_displayed() -> None:
    displayed = {kind for kind in RenditionKind if not kind.is_view}
    assert displayed == {RenditionKind(kind) for kind in Rendition.DISPLAYED}
