"""Damaged files are the same in every run, and each is taken to its end."""

import time
from functools import partial
from pathlib import Path

import pytest

from benchmarks.hostile.mutations import drawn, mutated, wholes_of
from benchmarks.hostile.taking import File, take
from dedupe.models import Picture
from tests.uploads import own_media

__all__ = ["own_media"]


def test_the_same_number_gives_the_same_damage() -> None:
    first = [mutated(None, 1, number) for number in range(30)]
    assert first == [mutated(None, 1, number) for number in range(30)]
    assert first != [mutated(None, 2, number) for number in range(30)]
    assert len(set(first)) > 25
    assert not set(first) <= set(drawn())


def test_the_whole_files_do_not_tell_when_they_were_made() -> None:
    first = drawn()
    time.sleep(1.1)  # encoders write down the second
    assert drawn() == first


def test_a_folder_may_be_damaged_instead(tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(b"x" * 100)
    (tmp_path / "large").write_bytes(b"x" * 400_000)
    assert wholes_of(tmp_path) == (b"x" * 100,)


@pytest.mark.django_db
def test_files_are_taken_as_a_worker_takes_them() -> None:
    whole = File("whole", partial(bytes, drawn()[0]))
    again = File("the same once more", partial(bytes, drawn()[0]))
    broken = File("broken", partial(bytes, drawn()[5][:3000]))
    taken = [take(each) for each in (whole, again, broken, File("prose", lambda: b"what a lovely picture"))]
    assert [each.state for each in taken] == ["live", "withdrawn", "rejected", "rejected"]
    assert [each.refusal for each in taken] == ["", "", "broken", "not_a_picture"]
    assert taken[0].child > 10_000_000
    assert taken[3].child == 0
    assert not any(each.hung for each in taken)
    assert not Picture.objects.waiting().exists()
