"""An animation is known by later moments too, whatever its container."""

import pytest
from PIL import Image

from dedupe.imaging import Analysis, Fingerprint, Limits, RenditionKind, Treatment, analyse, compare
from tests import pictures as p

SCENES = [p.landscape(seed, 200, 150) for seed in range(1, 9)]
DITHERED = 24  # bits that a palette of 256 colours may cost
FRAMES = (Treatment.FRAME1, Treatment.FRAME2, Treatment.FRAME3)


def later(analysis: Analysis) -> dict[Treatment, Fingerprint]:
    return {f.treatment: f for f in analysis.fingerprints if f.treatment in FRAMES}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_quarter_a_half_and_three_quarters_are_shown(kind: str) -> None:
    found = later(analyse(p.animation(kind, SCENES)))
    assert list(found) == list(FRAMES)
    for numbers, place in zip(found.values(), (2, 4, 6), strict=True):
        assert compare(numbers, analyse(p.encoded(SCENES[place])).fingerprint).dct <= DITHERED


@pytest.mark.parametrize("count", [2, 3])
def test_a_short_one_shows_every_frame(count: int) -> None:
    found = later(analyse(p.animation("WEBP", SCENES[:count])))
    assert list(found) == list(FRAMES[: count - 1])


def test_a_gif_and_its_webp_share_their_frames() -> None:
    gif, webp = (later(analyse(p.animation(kind, SCENES))) for kind in ("GIF", "WEBP"))
    assert gif.keys() == webp.keys()
    assert all(compare(gif[frame], webp[frame]).dct <= DITHERED for frame in gif)


def test_views_go_with_their_frames() -> None:
    analysis = analyse(p.animation("GIF", SCENES))
    kinds = [each.kind for each in analysis.renditions]
    assert kinds[2:] == [
        RenditionKind.VIEW, RenditionKind.VIEW_FRAME1, RenditionKind.VIEW_FRAME2, RenditionKind.VIEW_FRAME3,
    ]  # fmt: skip


def test_frames_that_show_nothing_new_are_left_out() -> None:
    dark = p.flat("black", (200, 150))
    first = SCENES[0]
    moving = [first, first, dark, first, SCENES[1], first, SCENES[1], first]
    assert list(later(analyse(p.animation("PNG", moving)))) == [Treatment.FRAME2]


def test_frames_are_whole_though_only_their_changes_are_stored() -> None:
    moving = []
    for place in range(4):
        frame = SCENES[0].copy()
        frame.paste(SCENES[1].crop((0, 0, 90, 90)), (place * 35, 30))
        moving.append(frame)
    found = later(analyse(p.animation("GIF", moving)))
    assert compare(found[Treatment.FRAME3], analyse(p.encoded(moving[3])).fingerprint).dct <= DITHERED


def test_what_lies_too_far_is_not_decoded() -> None:
    near = Limits(max_moment_pixels=200 * 150 * 5)
    assert list(later(analyse(p.animation("GIF", SCENES), near))) == list(FRAMES[:2])
    assert not later(analyse(p.animation("GIF", SCENES), Limits(max_moment_pixels=0)))


def test_a_broken_frame_does_not_spoil_the_picture() -> None:
    data = p.animation("PNG", SCENES)
    broken = bytearray(data)
    middle = [at for at in range(len(data)) if data.startswith(b"fdAT", at)][3]
    broken[middle + 8 : middle + 400] = bytes(392)
    analysis = analyse(bytes(broken))
    assert analysis.fingerprint == analyse(data).fingerprint
    assert list(later(analysis)) == [Treatment.FRAME1]


def test_stills_have_none() -> None:
    assert not later(analyse(p.encoded(SCENES[0])))


def test_full_is_of_the_first_frame() -> None:
    still: Image.Image = SCENES[0]
    lossless = p.animation("WEBP", SCENES, lossless=True)
    assert analyse(lossless).fingerprint == analyse(p.encoded(still)).fingerprint
