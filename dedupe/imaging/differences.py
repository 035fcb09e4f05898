"""Measure how two aligned pictures differ, after what an edit of the whole picture explains is taken away."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .alignment import LUMA, Alignment
from .sharpness import equally_sharp, slopes
from .tones import tone_fitted

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_BLOCK = 6
_FULL_BLOCK = 0.6  # share of a block that must overlap
_CHANGED = 20.0  # levels of 255
_OFF_COLOUR = 12.0
_UNTOUCHED = 4.0
_LEAST_POWER = 1e-3
_STRUCTURE = 9.0  # mean squared slope of a block, levels² per pixel²
_MOST_NOISE = 100.0
_ALIKE = 0.25
_KEPT, _LEAST_KEPT = 0.5, 12  # share of the power; blocks with structure
_WORTH_BLURRING = 0.6  # correlation of the luma; what is less alike is no blurred copy
_BLURRED_COPY = 0.9  # of the edges when both are soft; of text over a picture blurring explains less


@dataclass(frozen=True)
class LumaDifferences:
    """What two aligned pictures have in common in their luma, and what not. Levels are of 255.

    ``luma`` (−1..1) is the correlation of the luma, after one tone curve is taken from the second to the first if
    that betters it; ``edges`` (−1..1) that of their luma gradients, without a tone curve. ``agreeing`` is the share
    0–1 of the blocks with structure in either whose own gradients correlate; ``kept`` (0–1) counts of the blocks with
    structure in the one those whose gradients the other has, whatever else it has there, and is that of the one of
    which more is kept. ``error`` is the mean remaining luma difference, ``changed`` the share 0–1 of blocks whose mean
    remaining difference is above 20 levels, ``largest`` the greatest block. Where a blur explains the edges nearly
    wholly, these seven are measured with the sharper of the two as soft as the other: ``blur`` is the standard
    deviation of the Gaussian that this took, in pixels of the common grid, else 0.
    """

    luma: float
    edges: float
    agreeing: float
    kept: float
    error: float
    changed: float
    largest: float
    blur: float


@dataclass(frozen=True)
class Differences(LumaDifferences):
    """Those of the luma, and those that sharpness has no part in. Levels are of 255.

    ``brighter`` is the second's mean luma minus the first's. ``colour`` is the mean distance of
    the blocks' mean chroma (Cb, Cr), ``tint`` what of it no fading of all chroma explains: greyscale and
    saturation only fade, another hue or a new palette does not. ``recoloured`` is the share of blocks whose colour is
    more than 12 levels off. ``contrast`` is the standard deviation of the first's luma, ``texture`` the mean strength
    of its gradients in levels per pixel.
    """

    brighter: float
    colour: float
    tint: float
    recoloured: float
    contrast: float
    texture: float


def measure_differences(alignment: Alignment) -> Differences:
    """Compare what overlaps."""
    overlap = alignment.overlap
    first, second = alignment.lumas
    chroma = _chroma_blocks(alignment.first, overlap), _chroma_blocks(alignment.second, overlap)
    off_colour = np.hypot(*(chroma[0] - chroma[1]).T)
    return Differences(
        **asdict(_sharpness_aside(first, second, overlap)),
        brighter=float((second - first)[overlap].mean()),
        colour=float(off_colour.mean()),
        tint=_tint(*chroma),
        recoloured=float((off_colour > _OFF_COLOUR).mean()),
        contrast=float(first[overlap].std()),
        texture=float(np.linalg.norm(slopes(first)[overlap], axis=-1).mean()),
    )


def _sharpness_aside(first: Floats, second: Floats, overlap: Flags) -> LumaDifferences:
    """As they are, or equally sharp where that explains the edges nearly wholly."""
    plain = _of_luma(first, second, overlap, 0.0)
    if plain.luma < _WORTH_BLURRING:
        return plain
    soft_first, soft_second, blur = equally_sharp(first, second, overlap)
    soft = _of_luma(soft_first, soft_second, overlap, blur) if blur else plain
    return soft if soft.edges > max(plain.edges, _BLURRED_COPY) else plain


def _of_luma(first: Floats, second: Floats, overlap: Flags, blur: float) -> LumaDifferences:
    fitted = tone_fitted(first, second, overlap)
    remaining = min(
        (_remaining(first, other, overlap) for other in (fitted, second)),
        key=lambda levels: float(levels.sum()),
    )
    blocks = _blocks(remaining, overlap)
    edges = slopes(first), slopes(second)
    agreeing, kept = _agreeing(*edges, overlap)
    return LumaDifferences(
        luma=max(_correlation(first[overlap], other[overlap]) for other in (fitted, second)),
        edges=_likeness(edges[0][overlap], edges[1][overlap]),
        agreeing=agreeing,
        kept=kept,
        error=float(remaining[overlap].mean()),
        changed=float((blocks > _CHANGED).mean()),
        largest=float(blocks.max()),
        blur=blur,
    )


def _remaining(first: Floats, second: Floats, overlap: Flags) -> Floats:
    return np.where(overlap, _tolerant_difference(first, second), 0).astype(np.float32)


def difference_map(alignment: Alignment) -> Floats:
    """The differences as they are to be shown: float32[h, w], levels, 0 outside of the overlap.

    A tone curve is an edit of the whole picture: where half of it agrees without one, none is taken away. Else
    lettering could be explained as a curve, and what has the tone of the letters would be blamed. Each picture is
    compared with the neighbours in the other, so that a thin stroke shows, whichever of the two has it.
    """
    overlap = alignment.overlap
    first, second = alignment.lumas
    plain = _mutual_difference(first, second)
    if float(np.median(plain[overlap])) > _UNTOUCHED:
        plain = _mutual_difference(first, tone_fitted(first, second, overlap))
    return np.where(overlap, plain, 0).astype(np.float32)


def _mutual_difference(first: Floats, second: Floats) -> Floats:
    return np.maximum(_tolerant_difference(first, second), _tolerant_difference(second, first))


def _tolerant_difference(first: Floats, second: Floats) -> Floats:
    """Absolute difference to the nearest of the nine neighbours: registration is exact to about a pixel."""
    height, width = first.shape
    padded = np.pad(second, 1, mode="edge")
    least = np.full_like(first, np.inf)
    for down in range(3):
        for across in range(3):
            np.minimum(
                least, np.abs(first - padded[down : down + height, across : across + width]), out=least
            )
    return least


def _chroma_blocks(rgb: Floats, overlap: Flags) -> Floats:
    """Mean chroma of the blocks, float32[n, 2], Cb and Cr about 0 (JFIF 1.02); noise of coding averages out."""
    luma = rgb @ LUMA
    planes = (rgb[..., 2] - luma) * 0.564, (rgb[..., 0] - luma) * 0.713
    return np.stack(
        [_blocks(np.where(overlap, plane, 0).astype(np.float32), overlap) for plane in planes], axis=-1
    )


def _tint(first: Floats, second: Floats) -> float:
    """Mean chroma distance that is left after the more colourful is faded to be nearest to the other, levels."""
    rich, poor = sorted((first, second), key=lambda chroma: -float(np.vdot(chroma, chroma)))
    power = float(np.vdot(rich, rich))
    fading = max(0.0, float(np.vdot(rich, poor)) / power) if power > _LEAST_POWER else 0.0
    return float(np.hypot(*(np.float32(fading) * rich - poor).T).mean())


def _blocks(values: Floats, overlap: Flags) -> Floats:
    """Means over blocks of about 6 × 6 pixels that lie in the overlap, float32[n], n ≥ 1."""
    height, width = values.shape
    size = (max(1, width // _BLOCK), max(1, height // _BLOCK))
    share = np.asarray(cv2.resize(overlap.astype(np.float32), size, interpolation=cv2.INTER_AREA))
    means = np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA))
    inside = share >= min(_FULL_BLOCK, float(share.max()))
    return np.asarray(means[inside] / share[inside])


def _agreeing(first: Floats, second: Floats, overlap: Flags) -> tuple[float, float]:
    """The share of the blocks with structure in either that agree, 1 where nothing has structure; and the greater of
    the shares that either finds of its own in the other, 0 where both have little."""
    common, *powers = (
        _blocks(np.where(overlap, values, 0).astype(np.float32), overlap)
        for values in ((first * second).sum(axis=-1), (first**2).sum(axis=-1), (second**2).sum(axis=-1))
    )
    structured = [power > _above_noise(power) for power in powers]
    # Against the stronger of the two: a faint line under a strong one is no agreement.
    agreeing = (common > _ALIKE * np.maximum(*powers))[structured[0] | structured[1]]
    # Against its own power: what is laid over it besides does not matter.
    kept = ((common > _KEPT * power)[own] for power, own in zip(powers, structured, strict=True))
    return _share(agreeing), max((_share(each) for each in kept if each.size >= _LEAST_KEPT), default=0.0)


def _share(flags: Flags) -> float:
    return float(flags.mean()) if flags.size else 1.0


def _above_noise(powers: Floats) -> float:
    """From which power on a block has structure: four times that of the quietest fifth, which is noise, or not much."""
    return max(_STRUCTURE, min(_MOST_NOISE, 4 * float(np.quantile(powers, 0.2))))


def _correlation(first: Floats, second: Floats) -> float:
    return _likeness(first - first.mean(), second - second.mean())


def _likeness(first: Floats, second: Floats) -> float:
    """Cosine of the angle between two arrays of numbers; 0 where one of them is empty of content."""
    power = float(np.vdot(first, first)) * float(np.vdot(second, second))
    cosine = 0.0 if power < _LEAST_POWER else float(np.vdot(first, second) / np.sqrt(power))
    return max(-1.0, min(1.0, cosine))  # rounding goes beyond
