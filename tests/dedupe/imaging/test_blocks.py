"""Blocks: what stands in each, what two have in common, and which of them hang together."""

import numpy as np
import pytest

from dedupe.imaging.blocks import Blocks, patch_sums
from dedupe.imaging.sharpness import slopes

WHOLE = np.ones((40, 64), bool)


def test_blocks_are_about_as_large_as_is_asked_for() -> None:
    assert Blocks(WHOLE, 8).inside.shape == (5, 8)
    assert Blocks(np.ones((3, 5), bool), 8).inside.shape == (1, 1)


def test_only_blocks_that_mostly_overlap_are_inside() -> None:
    overlap = WHOLE.copy()
    overlap[:, 28:] = False
    assert Blocks(overlap, 8).inside.sum(axis=1).tolist() == [3] * 5


def test_a_mean_is_that_of_the_part_that_overlaps() -> None:
    overlap = WHOLE.copy()
    overlap[:, 29:] = False
    values = np.where(np.arange(64) < 29, 80, 255).astype(np.float32) * np.ones((40, 1), np.float32)
    assert Blocks(overlap, 8).means(values)[:, :4] == pytest.approx(80)


def test_what_is_a_pixel_off_is_in_common_and_what_is_opposite_is_not() -> None:
    luma = np.random.default_rng(1).uniform(0, 255, (40, 64)).astype(np.float32)
    blocks, edges = Blocks(WHOLE, 8), slopes(luma)
    power = blocks.powers(edges)
    inner = np.s_[1:-1, 1:-1]
    moved = blocks.common(edges, slopes(np.roll(luma, 1, axis=1)))
    assert (moved[inner] > 0.99 * power[inner]).all()
    assert (blocks.common(edges, -edges) < 0.5 * power).all()


def test_structure_is_what_rises_above_the_quietest_fifth() -> None:
    blocks = Blocks(WHOLE, 8)
    assert blocks.above_noise(np.zeros((5, 8), np.float32)) == 9
    assert blocks.above_noise(np.full((5, 8), 20, np.float32)) == 80
    assert blocks.above_noise(np.full((5, 8), 500, np.float32)) == 100
    assert Blocks(~WHOLE, 8).above_noise(np.zeros((5, 8), np.float32)) == 9


def test_neighbours_at_a_corner_hang_together_and_little_patches_are_left_out() -> None:
    flags = np.zeros((6, 6), bool)
    flags[0, 0] = flags[1, 1] = flags[2, 2] = True
    flags[5, 4:] = True
    weights = np.full((6, 6), 10, np.float32)
    assert patch_sums(flags, weights, 2).tolist() == [30, 20]
    assert patch_sums(flags, weights, 3).tolist() == [30]
    assert patch_sums(flags, weights, 4).tolist() == []
