"""From upload to question: what people do to pictures is asked about under its name, through every part."""

import pytest
from PIL import Image, ImageOps

from board.models import User
from dedupe.imaging import Relation
from dedupe.models import Match, State
from tests import scenes
from tests.dedupe.conftest import Upload, jpeg
from tests.dedupe.imaging.views import edited
from tests.pictures import animation, cutout, encoded

pytestmark = pytest.mark.django_db
PHOTOGRAPH = scenes.photograph(2)


@pytest.mark.parametrize(
    ("edit", "relation"),
    [
        ("JPEG 10", Relation.RE_ENCODED),
        ("resize ×0.2", Relation.RESIZED),
        ("greyscale", Relation.GREYSCALE),
        ("crop 30 %", Relation.CROPPED),
        ("crop 50 %", Relation.CROPPED),
        ("frame 10 %", Relation.FRAMED),
        ("caption bar 22 %", Relation.CAPTIONED),
        ("mirror", Relation.MIRRORED),
        ("rotate 90°", Relation.ROTATED),
        ("rotate 15°", Relation.ROTATED),
        ("screenshot", Relation.CONTAINS),
        ("picture in picture", Relation.CONTAINS),
        ("meme text", Relation.VARIANT),
    ],
)
def test_an_edited_upload_is_asked_about_under_its_name(
    upload: Upload, alice: User, bob: User, edit: str, relation: Relation
) -> None:
    live = upload(bob, jpeg(PHOTOGRAPH))
    asked = upload(alice, edited(PHOTOGRAPH, edit))
    assert asked.state == State.HELD
    match = Match.objects.get(query=asked)
    assert (match.candidate, match.relation) == (live, relation)
    assert match.confident == relation.same_picture


MOMENTS = [scenes.photograph(seed, 240, 180) for seed in (41, 42, 43, 44)]
GIF = animation("GIF", MOMENTS)
MOVING = {
    "its WebP": animation("WEBP", MOMENTS, quality=80),
    "its first still": jpeg(MOMENTS[0]),
    "a later still": jpeg(MOMENTS[2]),
}


@pytest.mark.parametrize("turned_around", [False, True], ids=["animation first", "animation last"])
@pytest.mark.parametrize("other", MOVING)
def test_an_animation_and_its_copies_find_one_another(
    upload: Upload, alice: User, bob: User, other: str, turned_around: bool
) -> None:
    first, second = (MOVING[other], GIF) if turned_around else (GIF, MOVING[other])
    live = upload(bob, first)
    asked = upload(alice, second)
    assert asked.state == State.HELD
    assert Match.objects.get(query=asked).candidate == live


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("turned_around", [False, True], ids=["transparent first", "transparent last"])
def test_a_transparent_picture_and_its_flattened_copy_find_one_another(
    upload: Upload, alice: User, bob: User, ground: str, turned_around: bool
) -> None:
    flattened = Image.new("RGB", cutout().size, ground)
    flattened.paste(cutout(), mask=cutout().getchannel("A"))
    files = [encoded(cutout()), encoded(flattened)]
    first, second = reversed(files) if turned_around else files
    live = upload(bob, first)
    asked = upload(alice, second)
    assert asked.state == State.HELD
    assert Match.objects.get(query=asked).candidate == live


def test_what_shares_a_badge_a_ground_or_a_kind_is_published_unasked(
    upload: Upload, alice: User, bob: User
) -> None:
    badge = scenes.emblem(1)
    pictures = [
        scenes.with_emblem(scenes.photograph(1), badge, 500, 340),
        scenes.with_emblem(scenes.photograph(2), badge, 500, 340),
        scenes.wordmark("ACORN"),
        scenes.wordmark("CEDAR"),
        scenes.page(1),
        scenes.page(2),
        ImageOps.invert(scenes.page(3)),
    ]
    assert {upload(bob, encoded(picture)).state for picture in pictures} == {State.LIVE}
