"""Comparisons across the border of the jail: back as they were, and nothing is believed."""

import json
import math
from typing import Any

import numpy as np
import pytest

from dedupe.imaging import Comparison, View, verify
from dedupe.imaging.wire_comparisons import comparison_from_json, comparison_to_json
from tests import pictures as p
from tests import scenes
from tests.dedupe.imaging.views import view


def comparison() -> Comparison:
    found = verify([view(scenes.drawing())], [view(scenes.drawing().crop((40, 40, 500, 400)))])
    assert found is not None
    return found


COMPARISON = comparison()


def message() -> dict[str, Any]:
    """What a child would send, as the client reads it."""
    value = json.loads(json.dumps(comparison_to_json(COMPARISON)))
    assert isinstance(value, dict)
    return value


def test_a_comparison_comes_back_as_it_was() -> None:
    assert comparison_from_json(message()) == COMPARISON


def test_whatever_verify_finds_can_be_told() -> None:
    rng = np.random.default_rng(1)
    shapes = [(1, 1), (1, 480), (480, 1), (9, 9), (16, 480), (64, 48)]
    views = [View("view", rng.integers(0, 256, (h, w, 3), dtype=np.uint8)) for w, h in shapes]
    views += [view(p.flat()), view(p.gradient()), view(p.logo()), view(scenes.drawing())]
    for stored in views:
        for query in views:
            found = verify([stored], [query])
            if found is not None:
                assert comparison_from_json(json.loads(json.dumps(comparison_to_json(found)))) == found


@pytest.mark.parametrize("field", comparison_to_json(COMPARISON))
def test_every_field_must_be_there(field: str) -> None:
    value = message()
    del value[field]
    with pytest.raises(ValueError):
        comparison_from_json(value)


@pytest.mark.parametrize("field", comparison_to_json(COMPARISON)["differences"])
@pytest.mark.parametrize("hostile", [math.nan, math.inf, 1e9, -1e9, "0", None, True, [0], 10**400])
def test_no_difference_is_believed(field: str, hostile: object) -> None:
    value = message()
    value["differences"][field] = hostile
    with pytest.raises(ValueError):
        comparison_from_json(value)


@pytest.mark.parametrize(
    ("field", "hostile"),
    [
        ("views", ["view", "odd"]), ("views", ["view", "large"]), ("views", ["view"]), ("views", "view"),
        ("views", [["view"], "view"]), ("method", "magic"), ("method", None), ("method", ["features"]),
        ("matrix", [1, 0, 0, 0, 1]), ("matrix", [1, 0, 0, 0, 1, math.nan]), ("matrix", [1, 0, 0, 0, 1, 1e6]),
        ("matrix", [0, 0, 0, 0, 0, 0]), ("matrix", [1, 1, 0, 1, 1, 0]), ("matrix", "100010"), ("matrix", {}),
        ("places", -1), ("places", 1.5), ("places", "9"), ("places", None), ("places", 10**6),
        ("spread", [0.5]), ("spread", [0.5, 2]), ("spread", [math.nan, 0]), ("spread", None),
        ("coverage", [-0.1, 1]), ("coverage", [1, 1, 1]), ("coverage", 1),
        ("beyond", ["nothing"]), ("beyond", ["nothing", "stars"]), ("beyond", "nothing"), ("beyond", [{}, {}]),
        ("differences", None), ("differences", []), ("differences", {}),
        ("probability", 1.01), ("probability", -0.01), ("probability", math.nan), ("probability", "1"),
    ],
)  # fmt: skip
def test_nothing_else_is_believed(field: str, hostile: object) -> None:
    with pytest.raises(ValueError):
        comparison_from_json({**message(), field: hostile})


@pytest.mark.parametrize("value", [None, [], "x", 5, {}])
def test_other_shapes_are_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        comparison_from_json(value)


def test_rounding_beyond_a_bound_is_set_right() -> None:
    value = message() | {"spread": [1.0000001, 1], "coverage": [1.0000001, 0.5]}
    value["differences"]["luma"] = 1.0000002
    found = comparison_from_json(value)
    assert (found.spread[0], found.coverage[0], found.differences.luma) == (1.0, 1.0, 1.0)
