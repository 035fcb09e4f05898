"""Where the two pictures of the lake are drawn: Bob's whole of 480 × 320, and Alice's right two thirds of it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

_SHAPES = {"mine": (320, 320), "theirs": (480, 320)}
_BEGINS = {"mine": 160, "theirs": 0}


def box(page: Page, place: str) -> dict[str, float]:
    found = page.locator(f".pair {place} .sheet img").first.bounding_box()
    assert found is not None
    return {"x": found["x"], "y": found["y"], "width": found["width"], "height": found["height"]}


def content(page: Page, side: str = "theirs") -> dict[str, float]:
    """Where a picture is drawn within its element, which keeps its shape."""
    outer = box(page, f".{side}")
    across, down = _SHAPES[side]
    scale = min(outer["width"] / across, outer["height"] / down)
    width, height = across * scale, down * scale
    return {
        "x": outer["x"] + (outer["width"] - width) / 2,
        "y": outer["y"] + (outer["height"] - height) / 2,
        "width": width,
        "height": height,
    }


@dataclass(frozen=True)
class Part:
    """What a frame shows, in pixels of Bob's picture: its middle, and pixels of the page for each."""

    x: float
    y: float
    scale: float


def part(page: Page, side: str) -> Part:
    """What the frame of ``mine`` or ``theirs`` shows, side by side."""
    drawn, frame = content(page, side), page.locator(f".frame.{side}").bounding_box()
    assert frame is not None
    scale = drawn["height"] / 320
    return Part(
        x=(frame["x"] + frame["width"] / 2 - drawn["x"]) / scale + _BEGINS[side],
        y=(frame["y"] + frame["height"] / 2 - drawn["y"]) / scale,
        scale=scale,
    )
