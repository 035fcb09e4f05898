"""Jobs on views in the jail: the same as outside, bad views are broken, and hostile answers are refused."""

import io
import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from dedupe.imaging import Comparison, Refusal, Refused, RenditionKind, ViewFile, analyse, verify
from dedupe.imaging.renditions import MAX_VIEW_BYTES
from dedupe.imaging.wire_comparisons import comparison_to_json
from dedupe.jail import client
from dedupe.jail.client import Caps, ChildKilled, compare_views, words_of_view
from dedupe.jail.comparing import comparisons_of, decode_comparisons, encode_comparing, words_in
from dedupe.jail.protocol import Ending, decode_answer, encode_answer
from tests import pictures as p
from tests import scenes
from tests.dedupe.imaging.views import views_of
from tests.dedupe.jail.conftest import zygote_pid

PHOTOGRAPH = analyse(p.encoded(scenes.photograph()))
CROP = analyse(p.encoded(scenes.photograph().crop((60, 40, 600, 440))))
OTHER = analyse(p.encoded(scenes.drawing()))
CUTOUT = analyse(p.encoded(p.cutout()))
OK = Ending(timed_out=False, status=0, cpu_seconds=0.1, peak_memory_bytes=1)
BROKEN = ViewFile(RenditionKind.VIEW, b"\xff\xd8\xff no picture")


def files(analysis: object) -> list[ViewFile]:
    return [ViewFile(each.kind, each.data) for each in analysis.renditions if each.kind.is_view]  # type: ignore[attr-defined]


def test_comparisons_are_those_made_outside_and_stand_in_order() -> None:
    stored = [PHOTOGRAPH, OTHER, CUTOUT]
    jailed = compare_views(files(CROP), [files(each) for each in stored])
    assert jailed == [verify(views_of(each), views_of(CROP)) for each in stored]
    assert jailed[0] is not None
    assert jailed[0].probability > 0.95


@pytest.mark.hostile("fault: disk full")
def test_a_full_disk_says_nothing_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.tempfile, "TemporaryFile", lambda **_: io.FileIO("/dev/full", "wb"))
    with pytest.raises(client.JailUnavailable, match="No space"):
        words_of_view(files(CROP)[0])


def test_words_are_those_of_the_analysis() -> None:
    assert words_of_view(files(PHOTOGRAPH)[0]) == PHOTOGRAPH.words


def test_no_pictures_no_comparisons() -> None:
    assert compare_views(files(CROP), []) == []
    assert compare_views(files(CROP), [[]]) == [None]
    assert compare_views([], [files(CROP)]) == [None]


@pytest.mark.parametrize(
    "bad",
    [
        BROKEN,
        ViewFile(RenditionKind.VIEW, b""),
        ViewFile(RenditionKind.VIEW, p.encoded(p.flat())),
        ViewFile(RenditionKind.VIEW, p.encoded(p.flat(size=(900, 20)), "JPEG")),
        ViewFile(RenditionKind.LARGE, p.encoded(p.flat(), "JPEG")),
        ViewFile(RenditionKind.VIEW, bytes(MAX_VIEW_BYTES + 1)),
    ],
    ids=["prose", "empty", "PNG", "too large", "no view", "too many bytes"],
)
def test_a_view_that_cannot_be_read_is_broken(bad: ViewFile) -> None:
    for query, stored in (([bad], [files(PHOTOGRAPH)]), (files(PHOTOGRAPH), [files(OTHER), [bad]])):
        with pytest.raises(Refused) as caught:
            compare_views(query, stored)
        assert caught.value.refusal is Refusal.BROKEN
    if bad.kind is RenditionKind.VIEW:
        with pytest.raises(Refused) as caught:
            words_of_view(bad)
        assert caught.value.refusal is Refusal.BROKEN
    assert compare_views(files(CROP), [files(OTHER)]), "the jail lives on"


def test_processor_time_is_capped() -> None:
    with pytest.raises(Refused) as caught:
        compare_views(files(CROP), [files(PHOTOGRAPH)] * 240, Caps(cpu_seconds=1))
    assert caught.value.refusal is Refusal.TOO_SLOW


def test_wall_time_is_capped() -> None:
    started = time.monotonic()
    with pytest.raises(Refused) as caught:
        compare_views(files(CROP), [files(PHOTOGRAPH)] * 240, Caps(wall_seconds=0.2))
    assert caught.value.refusal is Refusal.TOO_SLOW
    assert time.monotonic() - started < 5


def test_memory_is_capped() -> None:
    with pytest.raises(Refused) as caught:
        compare_views(files(CROP), [files(PHOTOGRAPH)] * 4, Caps(address_space=150 * 1024**2))
    assert caught.value.refusal is Refusal.TOO_MUCH_MEMORY


def test_many_views_get_more_time_unless_it_is_said() -> None:
    one, many = client._caps_for(2), client._caps_for(52)
    assert (one.cpu_seconds, many.cpu_seconds) == (11, 36)
    assert many.wall_seconds > one.wall_seconds
    assert many.address_space == one.address_space == Caps().address_space


def test_a_killed_child_says_nothing_of_the_views() -> None:
    compare_views(files(CROP), [])
    zygote = psutil.Process(zygote_pid())

    def kill() -> None:
        deadline = time.monotonic() + 10
        while not (children := zygote.children()) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(children[0].pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    with pytest.raises(ChildKilled):
        compare_views(files(CROP), [files(PHOTOGRAPH)] * 60)
    thread.join()


class TestAnswers:
    """What a child that is owned by a view might write."""

    GOOD = comparison_to_json(verify(views_of(PHOTOGRAPH), views_of(CROP)))  # type: ignore[arg-type]

    def test_a_good_one_is_believed(self) -> None:
        (found,) = decode_comparisons({"comparisons": [self.GOOD | {}]}, 1)
        assert isinstance(found, Comparison)
        assert decode_comparisons({"comparisons": [None, None]}, 2) == [None, None]

    @pytest.mark.parametrize(
        "value",
        [
            {}, {"comparisons": None}, {"comparisons": []}, {"comparisons": [None, None]},
            {"comparisons": {"0": None}}, {"comparisons": ["x"]}, {"comparisons": [5]}, {"comparisons": [{}]},
            {"comparisons": [GOOD | {"probability": 2}]}, {"comparisons": [GOOD | {"views": ["x", "view"]}]},
            {"comparisons": [[GOOD]]},
        ],
    )  # fmt: skip
    def test_nonsense_is_refused(self, value: dict[str, object]) -> None:
        with pytest.raises(ValueError):
            decode_comparisons(value, 1)

    @pytest.mark.parametrize(
        "answer",
        [
            encode_answer({"comparisons": [GOOD | {"matrix": [0] * 6}]}, []),
            encode_answer({"words": ["AAAA", 5]}, []),
            encode_answer({}, []),
            b'\0\0\0\x12{"comparisons":5}',
        ],
    )
    def test_nonsense_is_broken_for_the_caller(self, answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "ask", lambda *_: (answer, OK))
        for ask in (lambda: compare_views([], [[]]), lambda: words_of_view(files(CROP)[0])):
            with pytest.raises(Refused) as caught:
                ask()
            assert caught.value.refusal is Refusal.BROKEN


class TestFiles:
    """What a child is given."""

    def test_names_and_bytes_of_all_views_are_there(self) -> None:
        value, blobs = decode_answer(encode_comparing(files(CROP), [files(CUTOUT), []]))
        assert [[each["kind"] for each in views] for views in value["pictures"]] == [
            ["view"], ["view", "view_black"], [],
        ]  # fmt: skip
        assert blobs == b"".join(file.data for file in files(CROP) + files(CUTOUT))

    @pytest.mark.parametrize(
        "data",
        [b"", b"\0\0\0\2[]", encode_answer({}, []), encode_answer({"pictures": []}, []),
         encode_answer({"pictures": [[{"kind": "odd", "bytes": 1}]]}, [b"x"]),
         encode_answer({"pictures": [[{"kind": "view", "bytes": 10**9}]]}, [b"x"]), Path(__file__).read_bytes()],
    )  # fmt: skip
    def test_other_files_are_refused_in_the_child(self, data: bytes) -> None:
        with pytest.raises(Refused):
            comparisons_of(data)
        with pytest.raises(Refused):
            words_in(data)
