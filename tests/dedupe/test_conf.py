"""Settings of the app: given, defaulted, refused."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from dedupe import checks
from dedupe.conf import Matching, conf


def test_what_is_given_replaces_the_default_in_any_case(settings: Any) -> None:
    settings.DEDUPE = {"ASK_DISTANCE": 40, "retention_days": 3}
    assert conf().matching.ask_distance == 40
    assert conf().deadlines.retention.days == 3
    assert conf().matching.branch_limit == Matching().branch_limit


def test_a_name_that_does_not_exist_is_refused(settings: Any) -> None:
    settings.DEDUPE = {"ask_distence": 40}
    with pytest.raises(ImproperlyConfigured, match="ask_distence"):
        conf()
    assert [error.id for error in checks.settings_are_known()] == ["dedupe.E002"]


def test_thresholds_must_stand_in_order(settings: Any) -> None:
    settings.DEDUPE = {"ask_distance": 10, "confident_distance": 20}
    assert [error.id for error in checks.settings_are_known()] == ["dedupe.E003"]


def test_the_version_names_the_values() -> None:
    assert Matching().version == Matching().version
    assert Matching().version != Matching(ask_distance=63).version


def test_every_codec_is_here_and_a_missing_one_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.decoders_are_there() == []
    monkeypatch.setattr(checks.features, "check", lambda codec: codec != "avif")
    assert "avif" in checks.decoders_are_there()[0].msg
