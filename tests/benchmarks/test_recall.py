"""Recall beside the peers: a small run from the command line to the tables, and the parts that choose and count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from benchmarks.edits import EDITS
from benchmarks.recall.__main__ import main, parser
from benchmarks.recall.peers import describe, peers
from benchmarks.recall.sample import (
    File,
    Kind,
    background_for,
    is_novel,
    open_upright,
    originals_of,
    read_repeats,
)
from benchmarks.recall.score import DOPPEL, Library, scores
from benchmarks.recall.trials import Answer, Described, Outcome
from dedupe.evaluation.pairs import Chains
from tests.pictures import cutout, encoded, landscape, logo, oriented


def write(folder: Path, pictures: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in pictures.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def photographs(tmp_path: Path) -> Path:
    pictures = {f"{n}.jpg": encoded(landscape(n, 240, 180), "JPEG", quality=92) for n in range(10)}
    return write(tmp_path / "photographs", pictures | {"broken.jpg": b"\xff\xd8\xff\xe0"})


@pytest.fixture
def unblocked(postgres: object, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def file(name: str, kind: Kind = Kind.PHOTOGRAPHS) -> File:
    return File(Path("/pictures") / name, name, kind)


def test_a_small_run_from_the_command_line(
    unblocked: None, photographs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "recall.json"
    assert main([str(photographs), "--originals", "1", "--jobs", "1", "--json", str(output)]) == 0
    written = json.loads(output.read_text())
    ours = written["scores"]["photographs"][DOPPEL]
    assert list(ours["recall"]) == list(EDITS)
    assert ours["recall"]["JPEG 30"] == ours["recall"]["WebP 50"] == ours["recall"]["blur 2"] == 1.0
    assert ours["minimum"] <= ours["mean"] <= 1.0
    assert ours["false_suggestions"] == 0
    assert written["originals"] == {"photographs": 1, "graphics": 0}
    told = capsys.readouterr()
    assert "could not be read" in told.out
    assert "novel falsely asked, per 1,000" in told.out
    assert "graphics:" not in told.out
    assert "Editing and asking: 1/1" in told.err


def test_a_folder_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "nowhere")])
    assert "nowhere is not a folder" in capsys.readouterr().err


def test_a_run_without_a_database_is_told(
    unblocked: None, photographs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from django.db import connection

    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    assert main([str(photographs)]) == 1
    assert "No scratch database could be made" in capsys.readouterr().err


def test_originals_are_chosen_by_detail_half_and_lot_and_always_alike() -> None:
    files = [file(f"{number}.png") for number in range(200)]
    details = {each.path: 0.5 for each in files} | {files[0].path: 0.01}

    def chosen(half: str, seed: int = 0) -> list[File]:
        return originals_of(
            files, Kind.PHOTOGRAPHS, details, count=30, half=half, least=0.05, seed=seed
        )  # fmt: skip

    assert chosen("a") == chosen("a") != chosen("a", seed=1)
    assert len(chosen("a")) == 30
    assert not set(chosen("a")) & set(chosen("b"))
    assert files[0] not in [*chosen("a"), *chosen("b")]


def test_about_the_share_is_held_out_and_never_of_what_is_stored_only() -> None:
    files = [file(f"{number}.png") for number in range(500)]
    assert 60 < sum(is_novel(each, 0, 0.2) for each in files) < 140
    assert not any(is_novel(file(f"{n}.png", Kind.CROWD), 0, 0.9) for n in range(50))


def test_a_background_is_another_picture_of_the_same_folder() -> None:
    here, near = file("a/1.png"), file("a/2.png")
    others = [here, near, *(file(f"b/{n}.png") for n in range(9)), file("a/3.png", Kind.GRAPHICS)]
    assert background_for(here, others, 0) == near.path
    assert background_for(here, [here], 0) == here.path


def test_originals_are_opened_upright_and_over_white(tmp_path: Path) -> None:
    (tmp_path / "turned.png").write_bytes(oriented(landscape(1, 60, 40), 6))
    assert open_upright(tmp_path / "turned.png").size == (60, 40)
    (tmp_path / "cutout.png").write_bytes(encoded(cutout()))
    assert open_upright(tmp_path / "cutout.png").getpixel((0, 0)) == (255, 255, 255)


def test_repeats_are_read_from_any_list_of_pairs(tmp_path: Path) -> None:
    text = "path_a,path_b,class\na.png,b.png,policy\na.png,c.png,must_not_match\n"
    (tmp_path / "repeats.csv").write_text(text)
    chains = Chains()
    read_repeats(tmp_path / "repeats.csv", chains)
    assert chains.connect(str(tmp_path / "a.png"), str(tmp_path / "b.png"))
    assert not chains.connect(str(tmp_path / "a.png"), str(tmp_path / "c.png"))


def test_the_window_is_mean_luma_and_aspect() -> None:
    peer = peers()["window"]
    white, wide = Image.new("RGB", (100, 100), "white"), Image.new("RGB", (102, 100), "white")
    grey = Image.new("RGB", (100, 100), "#808080")
    library = np.array([peer.describe(image) for image in (white, wide, grey)])
    near = peer.distances(peer.describe(white), library) <= peer.thresholds["window ±1.25 %"]
    assert list(near) == [True, False, False]


def test_scores_count_originals_and_false_suggestions() -> None:
    known = [encoded(picture, "PNG") for picture in (landscape(1, 90, 60), landscape(2, 60, 60), logo(3, 80))]
    described = [Described(Path(f"/{n}.png"), describe(data)) for n, data in enumerate(known)]
    chains = Chains()
    chains.join("/2.png", "/novel repeat.png")
    library = Library(described, {7: ("/0.png",), 8: ("/1.png",), 9: ("/2.png",)}, chains)
    original = File(Path("/0.png"), "0.png", Kind.PHOTOGRAPHS)
    outcome = Outcome(
        original,
        {name: Answer((7,) if name != "mirror" else (8,), describe(known[0])) for name in EDITS},
    )
    novel = [
        (file("new.png"), Answer((8, 9), {})),
        (File(Path("/novel repeat.png"), "novel repeat.png", Kind.PHOTOGRAPHS), Answer((9,), {})),
        (file("unread.png"), Answer((), {}, "broken")),
        (file("logo.png", Kind.GRAPHICS), Answer((7,), {})),
    ]
    by_method = scores(Kind.PHOTOGRAPHS, [outcome], novel, library)
    ours = by_method[DOPPEL]
    assert ours.recall["JPEG 30"] == 1.0
    assert (ours.recall["mirror"], ours.worst) == (0.0, 0.0)
    assert ours.mean == pytest.approx(32 / 33)
    assert ours.novel == 2
    assert ours.false == (("/pictures/new.png", "/1.png"), ("/pictures/new.png", "/2.png"))
    assert ours.falsely_asked == 1
    assert ours.falsely_asked_per_1000 == 500
    assert by_method["window ±1.25 %"].recall["mirror"] == 1.0


def test_a_file_that_pillow_cannot_read_is_unknown_to_the_peers() -> None:
    with pytest.raises(OSError):
        describe(b"no picture")


def test_the_defaults_are_those_of_the_manual() -> None:
    options = parser().parse_args(["."])
    assert (options.originals, options.half, options.novel, options.seed) == (120, "b", 0.2, 0)
