"""The history of the demo: who uploads what, what they are asked, and what they say. All through the workflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from board.demo.catalogue import MOTIFS, Motif
from board.demo.company import keep_company
from board.models import Tag, User
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, State, Verdict

_Change = Callable[[Image.Image], Image.Image]


class StoryFailed(Exception):
    """The matching did not see what the demo was made to show."""


@dataclass
class Cast:
    """The accounts of the demo."""

    alice: User
    bob: User
    mod: User


@dataclass
class Story:
    """Tells the demo on an empty board; ``tell`` is to be called once. ``said`` hears of each step."""

    cast: Cast
    said: Callable[[str], None]
    pictures: dict[str, Picture] = field(default_factory=dict)

    def tell(self) -> None:
        self._publish_all()
        keep_company(self.cast.alice, self.cast.bob, self.pictures)
        self._same_picture()
        self._variant_pair()
        self._override()
        self._proposal()
        self._report()
        self._open_questions()

    def _publish_all(self) -> None:
        for number, motif in enumerate(MOTIFS):
            owner = self.cast.bob if number % 3 else self.cast.alice
            picture = self._upload(owner, motif, encoded(motif.draw(), "PNG" if number % 5 == 4 else "JPEG"))
            _must_be(picture, State.LIVE)
            self.pictures[motif.title] = picture
            self.said(motif.title)

    def _same_picture(self) -> None:
        """Bob brings what Alice has published, saved again, and says so: his address leads to hers."""
        copy = self._look_alike(self.cast.bob, "Evening over the hills", kind="WEBP")
        self._answer(self.cast.bob, copy, Verdict.SAME, "I did not know that it was here already.")

    def _variant_pair(self) -> None:
        """Bob adds a card with a caption to a picture: both are published and linked."""
        card = self._look_alike(self.cast.bob, "Sailing home", captioned, title="Sailing home, as a card")
        self._answer(self.cast.bob, card, Verdict.VARIANT, "A greeting card made of it.")

    def _override(self) -> None:
        """Alice insists that a sure match is another picture: staff should look."""
        copy = self._look_alike(self.cast.alice, "Poppy field", title="Poppies, the next day")
        self._answer(self.cast.alice, copy, Verdict.DIFFERENT, "I took this one a day later.")

    def _proposal(self) -> None:
        """Bob has a small picture of Alice's in its full size and proposes it in its place."""
        large = self._look_alike(
            self.cast.bob, "Snow at the lake", enlarged, title="Snow at the lake, full size"
        )
        self._answer(self.cast.bob, large, Verdict.BETTER, "Mine is the original size.")

    def _report(self) -> None:
        """Alice finds that two published pictures are of one kind, and tells staff."""
        first, second = self.pictures["Ice giant"], self.pictures["Green visitor"]
        workflow.report_picture(self.cast.alice, first, "Is this not the same planet?", second)

    def _open_questions(self) -> None:
        """What waits for Alice when she signs in."""
        self._look_alike(self.cast.alice, "Green water", brighter, title="Green water, brighter")
        self._look_alike(self.cast.alice, "Confetti", smaller)
        self._look_alike(self.cast.alice, "Pink summit", mirrored, title="Pink summit, the other way round")
        self._look_alike(self.cast.alice, "Blue hour downtown", with_strip, title="Downtown, when I get up")
        self._look_alike(self.cast.alice, "The city never sleeps", cropped, title="The city, from nearer")

    def _look_alike(
        self,
        owner: User,
        motif_title: str,
        change: _Change | None = None,
        *,
        kind: str = "JPEG",
        title: str = "",
    ) -> Picture:
        motif = next(each for each in MOTIFS if each.title == motif_title)
        image = motif.draw() if change is None else change(motif.draw())
        picture = self._upload(owner, motif, encoded(image, kind, quality=72), title=title)
        _must_be(picture, State.HELD)
        self.said(f"{title or motif_title}: {picture.get_state_display()}")
        return picture

    def _upload(self, owner: User, motif: Motif, data: bytes, *, title: str = "") -> Picture:
        name = f"{motif.title.lower().replace(' ', '-').replace(',', '')}.jpg"
        details = {"title": title or motif.title, "tags": Tag.names_in(motif.tags)}
        picture = workflow.submit_picture(
            owner, BytesIO(data), size=len(data), file_name=name, details=details
        )
        workflow.analyse_picture(picture.pk)
        picture.refresh_from_db()
        return picture

    def _answer(self, actor: User, upload: Picture, verdict: Verdict, reason: str) -> Decision:
        match = Match.objects.open_for(upload).first()
        assert match is not None, "a held upload has a question"
        return workflow.answer(actor, upload, match, verdict, reason)


def _must_be(picture: Picture, state: State) -> None:
    if picture.state != state:
        raise StoryFailed(f"{picture.post.title} is {picture.get_state_display()}, not {state.label}.")


def encoded(image: Image.Image, kind: str, quality: int = 92) -> bytes:
    """The bytes of a file."""
    file = BytesIO()
    image.save(file, kind, quality=quality)
    return file.getvalue()


def smaller(image: Image.Image) -> Image.Image:
    return image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)


def enlarged(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 2, image.height * 2), Image.Resampling.LANCZOS)


def brighter(image: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(1.05)


def mirrored(image: Image.Image) -> Image.Image:
    return ImageOps.mirror(image)


def cropped(image: Image.Image) -> Image.Image:
    """Its upper left part, two thirds of each side."""
    return image.crop((0, 0, image.width * 2 // 3, image.height * 2 // 3))


def with_strip(image: Image.Image) -> Image.Image:
    """With a strip of text above it."""
    high = image.height // 7
    copy = Image.new("RGB", (image.width, image.height + high), "white")
    copy.paste(image, (0, high))
    font = ImageFont.load_default(size=high * 0.28)
    ImageDraw.Draw(copy).text(
        (copy.width / 2, high / 2), "When you are up before everybody", fill="black", font=font, anchor="mm"
    )
    return copy


def captioned(image: Image.Image) -> Image.Image:
    """With a greeting at its foot."""
    copy = image.copy()
    draw = ImageDraw.Draw(copy)
    words, font = "Greetings from the sea", ImageFont.load_default(size=copy.height // 8)
    left, top = (copy.width - draw.textlength(words, font=font)) / 2, copy.height * 0.82
    draw.text((left, top), words, fill=(255, 246, 224), font=font)
    return copy
