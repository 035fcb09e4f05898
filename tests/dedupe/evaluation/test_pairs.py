"""The list of pairs: read in full, or refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedupe.evaluation.pairs import Pair, PairsError, chains_of, read_pairs
from tests.dedupe.evaluation.conftest import write_files, write_pairs


@pytest.fixture
def small(tmp_path: Path) -> Path:
    write_files(tmp_path, {"a.png": b"a", "b.png": b"b", "under/c.png": b"c"})
    return tmp_path


def complaint(file: Path, folder: Path) -> str:
    with pytest.raises(PairsError) as raised:
        read_pairs(file, folder)
    return str(raised.value)


def test_a_list_is_read(small: Path) -> None:
    file = write_pairs(small / "pairs.csv", ("s", "a.png", "under/c.png", "resize", "must_match"))
    assert read_pairs(file, small) == (
        Pair("s", "a.png", "under/c.png", "resize", "must_match", "a note"),
    )  # fmt: skip


def test_the_order_of_columns_a_byte_order_mark_and_a_missing_note_do_not_matter(small: Path) -> None:
    file = small / "pairs.csv"
    file.write_text("class,path_b,path_a,set,relation,more\npolicy,b.png,a.png,s,crop,x\n", "utf-8-sig")
    assert read_pairs(file, small) == (Pair("s", "a.png", "b.png", "crop", "policy"),)


def test_missing_columns_are_named(small: Path) -> None:
    file = small / "pairs.csv"
    file.write_text("path_a,path_b\na.png,b.png\n")
    assert "lacks the columns set, relation, class" in complaint(file, small)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("s", "a.png", "", "r", "policy"), "pairs.csv, line 2: path_b is empty"),
        (("s", "a.png", "a.png", "r", "policy"), "line 2: both paths name 'a.png'"),
        (("s", "a.png", "./a.png", "r", "policy"), "line 2: both paths name 'a.png'"),
        (("s", "a.png", "x.png", "r", "policy"), "line 2: there is no file 'x.png'"),
        (("s", "a.png", "under", "r", "policy"), "there is no file 'under'"),
        (("s", "../a.png", "b.png", "r", "policy"), "'../a.png' leads out of the folder"),
        (("s", "/etc/hosts", "b.png", "r", "policy"), "'/etc/hosts' leads out of the folder"),
    ],
)
def test_a_wrong_line_is_told(small: Path, row: tuple[str, ...], words: str) -> None:
    assert words in complaint(write_pairs(small / "pairs.csv", row), small)


def test_what_is_no_list_is_told(small: Path) -> None:
    assert "cannot be read as a CSV file" in complaint(small / "none.csv", small)
    (small / "bytes.csv").write_bytes(b"\xff\xfe\x00set")
    assert "cannot be read as a CSV file" in complaint(small / "bytes.csv", small)


def pair(first: str, second: str) -> Pair:
    return Pair("s", first, second, "r", "must_match")


def test_chains_lead_over_any_number_of_pairs_in_both_directions() -> None:
    chains = chains_of([pair("a", "b"), pair("c", "b"), pair("c", "d"), pair("x", "y")])
    assert chains.connect("a", "d")
    assert chains.connect("d", "a")
    assert not chains.connect("a", "x")
    assert chains.connect("alone", "alone")
    assert not chains.connect("alone", "a")


def test_files_of_equal_bytes_are_one_picture() -> None:
    chains = chains_of([pair("a", "b")], twins=[("b", "b copy", "b once more"), ("z",)])
    assert chains.connect("a", "b once more")
    assert not chains.connect("a", "z")
