"""A view from a rendition that we made."""

import pytest

from dedupe.embedding import read_view
from tests.pictures import encoded, landscape


def test_a_view_is_rgb_and_no_larger_than_480() -> None:
    view = read_view(encoded(landscape(width=1200, height=300), "JPEG"))
    assert view.shape == (120, 480, 3)


def test_a_small_picture_is_not_enlarged() -> None:
    assert read_view(encoded(landscape(width=90, height=60), "JPEG")).shape == (60, 90, 3)


def test_only_the_jpegs_that_we_make_are_read() -> None:
    with pytest.raises(OSError):
        read_view(encoded(landscape(width=90, height=60), "PNG"))
