"""Which files are stored and which are asked about."""

from __future__ import annotations

from pathlib import Path

from dedupe.evaluation.collection import collect, twins
from dedupe.evaluation.pairs import Pair, read_pairs


def test_what_is_only_a_second_is_not_stored_and_what_is_only_a_first_is_not_asked(
    folder: Path, listed: Path
) -> None:
    collection = collect(folder, read_pairs(listed, folder), leave_out=[listed])
    only_second = {"photos/a poor.jpg", "photos/b twin.jpg", "photos/d.jpg"}
    only_first = {"photos/a.jpg", "photos/b.jpg", "photos/c.jpg"}
    assert len(collection.stored) == 9
    assert len(collection.asked) == 9
    assert not only_second & set(collection.stored)
    assert not only_first & set(collection.asked)
    assert "photos/a small.jpg" in collection.stored
    assert "photos/a small.jpg" in collection.asked


def test_unlisted_files_are_stored_and_asked(folder: Path, listed: Path) -> None:
    collection = collect(folder, read_pairs(listed, folder), leave_out=[listed])
    loose = {name for name in collection.groups if name.startswith("loose/")}
    assert loose <= set(collection.stored)
    assert loose <= set(collection.asked)
    assert collection.groups["loose/e.jpg"] == "loose"


def test_a_listed_file_belongs_to_the_set_of_its_first_pair(folder: Path, listed: Path) -> None:
    text = listed.read_text().replace("photos,", "other,", 1)
    listed.write_text(text)
    collection = collect(folder, read_pairs(listed, folder))
    assert collection.groups["photos/a small.jpg"] == "other"
    assert collection.groups["photos/a poor.jpg"] == "photos"
    assert collection.groups["pairs.csv"] == ""


def test_links_are_passed_over_unless_a_pair_names_them(folder: Path) -> None:
    (folder / "link.jpg").symlink_to(folder / "photos/a.jpg")
    assert "link.jpg" not in collect(folder, ()).stored
    pair = Pair("s", "link.jpg", "photos/c.jpg", "other", "must_not_match")
    assert "link.jpg" in collect(folder, [pair]).stored


def test_equal_bytes_are_found(folder: Path) -> None:
    names = ["photos/b.jpg", "photos/a.jpg", "photos/b twin.jpg", "gone.jpg", "gone too.jpg"]
    assert twins(folder, names) == [
        ("photos/b.jpg", "photos/b twin.jpg"),
        ("photos/a.jpg",),
        ("gone.jpg",),
        ("gone too.jpg",),
    ]
