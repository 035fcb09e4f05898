"""The history of the demo: who uploads what, what they are asked, and what they say. All through the workflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from board.demo.catalogue import MOTIFS, Motif
from board.demo.company import keep_company
from board.models import Tag, User
from dedupe import workflow
from dedupe.conf import conf
from dedupe.models import CaseKind, Decision, Match, Picture, State, Verdict
from dedupe.workflow.filing import file_case, file_expiring
from dedupe.workflow.library_search import file_finds, look_alikes_of

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
    _motifs: dict[str, str] = field(default_factory=dict)

    def tell(self) -> None:
        self._publish_all()
        keep_company(self.cast.alice, self.cast.bob, self.pictures)
        self._same_picture()
        self._variant_pair()
        self._override()
        self._proposal()
        self._report()
        self._find()
        self._cluster()
        self._expiring()
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
        said = self._answer(self.cast.bob, copy, Verdict.SAME, "I did not know that it was here already.")
        assert said.match is not None
        file_case(CaseKind.SAMPLE, copy, said.match, cause=said)  # and chance has drawn his answer

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

    def _find(self) -> None:
        """A picture and its look-alike were published past each other; a search through all pictures finds them."""
        self._publish_past("Roses at night", brighter, "Roses, a little lighter")

    def _cluster(self) -> None:
        """Three that hang together: the one that stays is to be chosen."""
        self._publish_past("Morning mist", smaller, "Mist, for the phone")
        self._publish_past("Morning mist", enlarged, "Morning mist, large")

    def _publish_past(self, motif_title: str, change: _Change, title: str) -> None:
        """Take back what is there of a motif, publish another one, and think better of it; then search."""
        others = Picture.objects.live().filter(pk__in=[each.pk for each in self._of_motif(motif_title)])
        taken = [workflow.withdraw(each.owner, each) for each in others]
        motif = next(each for each in MOTIFS if each.title == motif_title)
        late = self._upload(self.cast.bob, motif, encoded(change(motif.draw()), "JPEG", 80), title=title)
        _must_be(late, State.LIVE)
        self.pictures[title] = late
        self._motifs[title] = motif_title
        for decision in taken:
            assert decision.actor is not None
            workflow.undo_decision(decision.actor, decision)
        if not file_finds(late, look_alikes_of(late)):
            raise StoryFailed(f"{title} looks like nothing.")
        self.said(title)

    def _of_motif(self, motif_title: str) -> list[Picture]:
        return [
            picture
            for title, picture in self.pictures.items()
            if self._motifs.get(title, title) == motif_title
        ]

    def _expiring(self) -> None:
        """Bob was asked long ago and has not answered: his question comes to staff."""
        held = self._look_alike(self.cast.bob, "Towers at dawn", smaller, title="Towers, for the phone")
        waiting = timedelta(days=conf().deadlines.answer_days * 0.9)
        Picture.objects.filter(pk=held.pk).update(state_since=timezone.now() - waiting)
        file_expiring()

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
