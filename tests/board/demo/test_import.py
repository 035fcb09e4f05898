"""A folder is imported file by file; bad files are named, and a second run skips what is there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from board.management.commands import import_pictures
from board.models import User
from dedupe.models import Picture, State
from dedupe.storage import StorageUnavailable
from tests.pictures import encoded, landscape


@pytest.fixture
def carol(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    places = {name: dict(place) for name, place in settings.STORAGES.items()}
    for name in ("originals", "renditions"):
        places[name]["OPTIONS"] = {"location": tmp_path / "media" / name}
    settings.STORAGES = places
    monkeypatch.setattr("dedupe.workflow.submission.ring", lambda pk: True)
    return User.objects.create_user("Carol")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    where = tmp_path / "pictures"
    (where / "deeper").mkdir(parents=True)
    (where / "a.png").write_bytes(encoded(landscape(1, 40, 30)))
    (where / "deeper" / "b.png").write_bytes(encoded(landscape(2, 40, 30)))
    (where / "empty.jpg").write_bytes(b"")
    (where / "page\n.jpg").write_bytes(b"<html>no</html>")
    (where / "link.png").symlink_to(where / "a.png")
    return where


def run(folder: Path, owner: str = "carol") -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_pictures", str(folder), "--owner", owner, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def counted(out: str) -> dict[str, int]:
    lines = [line.split(maxsplit=1) for line in out.splitlines() if line[:6].strip().isdigit()]
    return {what: int(count) for count, what in lines}


def test_good_files_are_submitted_and_bad_ones_named(carol: User, folder: Path) -> None:
    out, err = run(folder)
    assert counted(out) == {"submitted": 2, "uploaded before": 0, "refused": 2, "not readable": 0}
    assert "empty.jpg': This file is empty" in err
    assert "page\\n.jpg" in err
    staged = Picture.objects.filter(owner=carol, state=State.STAGED)
    assert sorted(staged.values_list("file_name", flat=True)) == ["a.png", "b.png"]


def test_a_second_run_skips_what_is_there(carol: User, folder: Path) -> None:
    run(folder)
    (folder / "new.png").write_bytes(encoded(landscape(3, 40, 30)))
    out, _ = run(folder)
    assert counted(out) == {"submitted": 1, "uploaded before": 4, "refused": 0, "not readable": 0}


def test_an_unreadable_file_stops_nothing(carol: User, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = import_pictures.already_uploaded

    def unreadable(user: User, path: Path) -> bool:
        if path.name == "a.png":
            raise PermissionError(13, "Permission denied")
        return known(user, path)

    monkeypatch.setattr(import_pictures, "already_uploaded", unreadable)
    out, err = run(folder)
    assert counted(out)["not readable"] == 1
    assert counted(out)["submitted"] == 1
    assert "cannot be read: Permission denied" in err


def test_the_import_ends_when_the_store_is_down(
    carol: User, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **options: object) -> None:
        raise StorageUnavailable("refused")

    monkeypatch.setattr(import_pictures, "submit_picture", down)
    with pytest.raises(CommandError, match="does not answer"):
        run(folder)


def test_progress_is_drawn_on_a_terminal(carol: User, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    _, err = run(folder)
    assert "] 4/4" in err


@pytest.mark.parametrize(
    ("owner", "where", "why"), [("nobody", "", "no account"), ("carol", "x", "not a folder")]
)
def test_wrong_arguments_are_told(carol: User, folder: Path, owner: str, where: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        run(folder / where, owner)
