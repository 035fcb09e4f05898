"""Settings of the app: given, defaulted, refused."""

import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from PIL import features

from dedupe import checks
from dedupe.conf import Matching, conf


def test_what_is_given_replaces_the_default_in_any_case(settings: Any) -> None:
    settings.DEDUPE = {"ASK_PROBABILITY": 0.7, "words_route": False, "retention_days": 3}
    assert (conf().matching.ask_probability, conf().matching.words_route) == (0.7, False)
    assert conf().deadlines.retention.days == 3
    assert conf().matching.branch_limit == Matching().branch_limit


def test_a_name_that_does_not_exist_is_refused(settings: Any) -> None:
    settings.DEDUPE = {"ask_probabillity": 0.4}
    with pytest.raises(ImproperlyConfigured, match="ask_probabillity"):
        conf()
    assert [error.id for error in checks.settings_are_known()] == ["dedupe.E002"]


def test_thresholds_must_stand_in_order(settings: Any) -> None:
    settings.DEDUPE = {"ask_probability": 0.9, "confident_probability": 0.8}
    assert [error.id for error in checks.settings_are_known()] == ["dedupe.E003"]


def test_the_version_names_the_values() -> None:
    assert Matching().version == Matching().version
    assert Matching().version != Matching(ask_probability=0.51).version


def test_every_codec_is_here_and_a_missing_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.decoders_are_there() == []
    monkeypatch.setattr(features, "check", lambda codec: codec != "avif")
    assert "avif" in checks.decoders_are_there()[0].msg


COLOURS = {"class": "dedupe.embedding.ColourLayout", "options": {"ask_distance": 0.2}}


@pytest.mark.parametrize("given", [[COLOURS], json.dumps([COLOURS])], ids=["as a list", "as JSON"])
def test_embedders_are_named_by_class_and_options(settings: Any, given: object) -> None:
    settings.DEDUPE = {"EMBEDDERS": given}
    (spec,) = conf().embedders
    assert (spec.path, spec.options) == ("dedupe.embedding.ColourLayout", {"ask_distance": 0.2})
    assert checks.embedders_can_be_made() == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("[{", "not written as JSON"),
        ('{"class": "a.B"}', "must be a list"),
        (["dedupe.embedding.ColourLayout"], "is written"),
        ([{"klass": "a.B"}], "is written"),
        ([{"options": {}}], "has a class"),
        ([{"class": "a.B", "options": [1]}], "has a class"),
    ],
)
def test_embedders_that_are_written_wrongly_are_refused(settings: Any, given: object, told: str) -> None:
    settings.DEDUPE = {"EMBEDDERS": given}
    (error,) = checks.settings_are_known()
    assert error.id == "dedupe.E002"
    assert told in error.msg
    assert checks.embedders_can_be_made() == []


def test_an_embedder_that_cannot_be_made_is_refused_at_the_start(settings: Any) -> None:
    settings.DEDUPE = {"EMBEDDERS": [COLOURS, {"class": "dedupe.embedding.Perhaps"}]}
    (error,) = checks.embedders_can_be_made()
    assert error.id == "dedupe.E004"
    assert "dedupe.embedding.Perhaps: there is no such class" in error.msg


def test_two_embedders_of_one_name_must_differ_in_version(settings: Any) -> None:
    settings.DEDUPE = {"EMBEDDERS": [COLOURS, COLOURS]}
    (error,) = checks.embedders_can_be_made()
    assert "there is an embedder 'colour-layout' of version 1 already" in error.msg
