"""The catalogues are complete, agree with the sources and are compiled; what is wrong with one is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings

from script.catalogues import __main__ as program
from script.catalogues import gathering, keeping
from script.catalogues.gathering import DOMAINS, Domain, gather


def test_every_language_is_complete_fresh_and_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--check"]) == 0, capsys.readouterr().out


def test_every_language_of_the_site_has_a_catalogue() -> None:
    assert {code for code, _ in settings.LANGUAGES} == {settings.LANGUAGE_CODE, *program.LANGUAGES}


def test_words_are_gathered_from_python_templates_scripts_and_settings() -> None:
    board, scripts, dedupe = (gather(domain) for domain in DOMAINS)
    assert "{who} took the picture back" in board
    assert "Skip to the content" in board
    assert board.get("%(n)s picture") is not None
    assert board.get("Somebody", "who decided") is not None
    assert "Waiting for its turn" in scripts
    assert "At most this many matches are shown with one upload." in dedupe


@pytest.fixture
def domain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Domain:
    for module in (gathering, keeping):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    return Domain("app", "django", ("*.py",))


def faults(domain: Domain, original: str | tuple[str, str], translated: str | tuple[str, str]) -> list[str]:
    catalog = Catalog(locale="de")
    catalog.add(original, translated)
    keeping.write(domain, "de", catalog)
    return list(keeping.problems(domain, "de", catalog))


def test_a_translation_keeps_the_places_and_the_tags(domain: Domain) -> None:
    assert faults(domain, "It is in “{title}” now.", "Es ist jetzt in „{title}“.") == []
    assert "lost {title}" in faults(domain, "It is in “{title}” now.", "Es ist jetzt darin.")[0]
    assert "original lacks: {titel}" in faults(domain, "In “{title}”", "In „{titel}“ {title}")[0]
    assert "other tags" in faults(domain, "<b>%(name)s</b> stays", "%(name)s bleibt")[0]
    assert "not translated" in faults(domain, "Save", "")[0]
    assert "not translated" in faults(domain, ("{n} day", "{n} days"), ("{n} Tag", ""))[0]
    assert faults(domain, ("One day", "{n} days"), ("Ein Tag", "{n} Tage")) == []


def test_what_was_not_gathered_merged_or_compiled_is_said(domain: Domain, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('_("New")\n')
    kept = Catalog(locale="de")
    kept.add("Old", "Alt")
    keeping.write(domain, "de", kept)
    lacking, left_over = keeping.problems(domain, "de", gather(domain))
    assert "lacks: 'New'" in lacking
    assert "no source says: 'Old'" in left_over
    file = domain.file("de", "po")
    file.write_text(file.read_text().replace("Alt", "Uralt"))
    assert any("since it was compiled" in said for said in keeping.problems(domain, "de", kept))
