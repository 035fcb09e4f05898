"""The jail kills what is slow or greedy, and believes nothing."""

import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from dedupe.imaging import Limits, Refusal, Refused, analyse
from dedupe.jail import client
from dedupe.jail.client import Caps, Jailed, analyse_file
from dedupe.jail.protocol import Ending, decode_answer, decode_trailer, encode_answer, encode_trailer
from tests import pictures as p
from tests.dedupe.jail.conftest import refusal, wait_until, zygote_pid


def test_same_answer_as_outside(picture: Path) -> None:
    jailed = analyse_file(picture)
    assert isinstance(jailed, Jailed)
    assert jailed.analysis == analyse(picture.read_bytes())
    assert 10_000_000 < jailed.peak_memory_bytes < 300_000_000
    assert 0 < jailed.seconds < 10


def test_refusals_come_through(tmp_path: Path) -> None:
    file = tmp_path / "file"
    cases = {b"": Refusal.EMPTY, b"prose": Refusal.NOT_A_PICTURE, p.webp(7000, 7000): Refusal.TOO_MANY_PIXELS}
    for data, expected in cases.items():
        file.write_bytes(data)
        assert refusal(file).refusal is expected
    file.write_bytes(b"%PDF-1.7")
    assert refusal(file).detail == "PDF"


def test_limits_travel(picture: Path) -> None:
    for limits, expected in (
        (Limits(max_side=100), Refusal.SIDE_TOO_LONG),
        (Limits(max_bytes=100), Refusal.TOO_MANY_BYTES),
    ):
        with pytest.raises(Refused) as caught:
            analyse_file(picture, limits)
        assert caught.value.refusal is expected


def test_missing_files_are_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        analyse_file(tmp_path / "none")


@pytest.mark.hostile("input 2")
def test_processor_time_is_capped(slow: Path) -> None:
    assert refusal(slow, cpu_seconds=1).refusal is Refusal.TOO_SLOW


@pytest.mark.hostile("input 2")
def test_wall_time_is_capped(slow: Path, picture: Path) -> None:
    started = time.monotonic()
    refused = refusal(slow, wall_seconds=0.3)
    assert (refused.refusal, refused.detail) == (Refusal.TOO_SLOW, "over 0.3 s")
    assert time.monotonic() - started < 2
    assert analyse_file(picture).analysis.width == 600


@pytest.mark.hostile("input 3")
def test_memory_is_capped(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(p.encoded(p.flat("red", (8000, 8000)), "PNG"))
    assert refusal(file, address_space=300 * 1024**2).refusal is Refusal.TOO_MUCH_MEMORY
    assert analyse_file(file).analysis.width == 8000


@pytest.mark.hostile("fault: decoding child killed")
def test_a_crashed_child_is_a_broken_picture(slow: Path, picture: Path) -> None:
    analyse_file(picture)
    zygote = psutil.Process(zygote_pid())

    def crash() -> None:
        assert wait_until(lambda: bool(zygote.children()))
        zygote.children()[0].send_signal(signal.SIGSEGV)

    thread = threading.Thread(target=crash)
    thread.start()
    refused = refusal(slow)
    thread.join()
    assert (refused.refusal, refused.detail) == (Refusal.BROKEN, "the decoder crashed with signal 11")


class TestInterpretation:
    """What a child that is owned by a picture might write."""

    OK = Ending(timed_out=False, status=0, cpu_seconds=0.1, peak_memory_bytes=1)

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"\0\0\0\2",
            b"\xff\xff\xff\xff{}",
            b"\0\0\0\2[]",
            b"\0\0\0\2{}",
            encode_answer({"analysis": {"renditions": 5}}, []),
            encode_answer({"analysis": {"renditions": [{"bytes": 7}]}}, [b"x"]),
            encode_answer({"analysis": {"renditions": [{"bytes": -1}, {"bytes": 2}]}}, [b"x"]),
            encode_answer({"analysis": {"renditions": []}}, []),
            encode_answer({"refused": "odd", "detail": ""}, []),
            encode_answer({"refused": 5}, []),
            (70_000).to_bytes(4, "big") + b"[" * 70_000,
        ],
    )
    def test_nonsense_is_broken(self, answer: bytes) -> None:
        with pytest.raises(Refused) as caught:
            client._analysis_in(client._interpret(answer, self.OK, Caps()))
        assert caught.value.refusal is Refusal.BROKEN

    @pytest.mark.parametrize(
        ("status", "cpu", "expected"),
        [
            (signal.SIGXCPU, 1.0, Refusal.TOO_SLOW),
            (signal.SIGKILL, 10.5, Refusal.TOO_SLOW),
            (signal.SIGABRT, 1.0, Refusal.BROKEN),
            (71 << 8, 1.0, Refusal.TOO_MUCH_MEMORY),
            (1 << 8, 1.0, Refusal.BROKEN),
        ],
    )
    def test_endings(self, status: int, cpu: float, expected: Refusal) -> None:
        with pytest.raises(Refused) as caught:
            client._interpret(b"", Ending(False, status, cpu, 1), Caps())
        assert caught.value.refusal is expected

    @pytest.mark.hostile("fault: decoding child killed")
    def test_a_kill_from_outside_says_nothing_of_the_file(self) -> None:
        with pytest.raises(client.ChildKilled):
            client._interpret(b"", Ending(False, signal.SIGKILL, 1.0, 1), Caps())

    def test_control_characters_are_taken_out(self) -> None:
        answer = encode_answer({"refused": "broken", "detail": "a\u202eb\x1b[0m" + "x" * 500}, [])
        with pytest.raises(Refused) as caught:
            client._interpret(answer, self.OK, Caps())
        assert caught.value.detail.startswith("a?b?[0mx")
        assert len(caught.value.detail) == 200

    def test_another_files_answer_is_refused(self, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "_checked_checksum", lambda *_: "0" * 64)
        assert refusal(picture).refusal is Refusal.BROKEN

    def test_trailer_and_answer_round_trip(self) -> None:
        assert decode_trailer(b"abc" + encode_trailer(self.OK)) == self.OK
        assert decode_trailer(b"abc") is None
        assert decode_trailer(bytes(100)) is None
        assert decode_answer(encode_answer({"a": 1}, [b"x", b"yz"])) == ({"a": 1}, b"xyz")
