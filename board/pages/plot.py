"""The plot of answers by distance, as numbers for an SVG that the server draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dedupe.statistics import Band, Tally

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 34
_GAP = 0.28


@dataclass(frozen=True)
class Block:
    """One piece of a stacked bar."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True)
class Mark:
    """A label, and for the upright axis the height of its line."""

    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Plot:
    """Everything that the template draws, in user units of a view box of ``width`` by ``height``."""

    blocks: tuple[Block, ...]
    below: tuple[Mark, ...]
    beside: tuple[Mark, ...]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    width: int = WIDTH
    height: int = HEIGHT


def plot_of(bands: Sequence[Band]) -> Plot:
    """Stacked bars of what was said in each band."""
    top = _round_up(max((band.tally.asked for band in bands), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(bands), 1)
    blocks = [block for index, band in enumerate(bands) for block in _bar(band, index, step, top)]
    middle = [_LEFT + (index + 0.5) * step for index in range(len(bands))]
    below = [Mark(band.label, round(x, 1), HEIGHT - 12) for band, x in zip(bands, middle, strict=True)]
    beside = [Mark(f"{count}", _LEFT - 8, round(_height(count, top), 1)) for count in _ticks(top)]
    return Plot(tuple(blocks), tuple(below), tuple(beside))


def _bar(band: Band, index: int, step: float, top: int) -> list[Block]:
    found, below = [], 0
    for kind, label, count in _parts(band.tally):
        if count:
            high = _height(below + count, top)
            tall = _height(below, top) - high
            x = _LEFT + (index + _GAP / 2) * step
            words = _("{band} marks: {answer}, {count}").format(band=band.label, answer=label, count=count)
            found.append(
                Block(kind, round(x, 1), round(high, 1), round(step * (1 - _GAP), 1), round(tall, 1), words)
            )
        below += count
    return found


def _parts(tally: Tally) -> list[tuple[str, str, int]]:
    return [
        ("same", _("the same picture"), tally.same),
        ("better", _("a better copy"), tally.better),
        ("variant", _("a variant"), tally.variant),
        ("different", _("a different picture"), tally.different),
        ("open", _("not answered"), tally.unanswered),
    ]


def _height(count: float, top: int) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * count / top


def _round_up(count: int) -> int:
    """The smallest 4, 10, 20 or 40 times a power of ten that holds the count, so that quarters are whole or nearly."""
    scale = 1
    while True:
        for step in (4, 8, 20):
            if count <= step * scale:
                return step * scale
        scale *= 10


def _ticks(top: int) -> list[int]:
    return [top * quarter // 4 for quarter in range(5)]
