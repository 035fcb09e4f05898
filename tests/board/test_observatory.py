"""Every answer of the site in production scores A+ by the published rules of Mozilla's HTTP Observatory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.board.observatory import grade_of, modifiers, parsed_policy, score_of
from tests.servers.fixtures import present_database
from tests.uploads import own_media

__all__ = ["own_media"]

# The mark makes pytest set up the database; the process that asks does so by itself.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
STATUSES = {200, 301, 302, 400, 403, 404, 405, 410, 429, 500, 503}


@pytest.fixture(scope="module")
def answers(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> list[dict[str, Any]]:
    """What a process with the settings of production said at every address."""
    media = tmp_path_factory.mktemp("production")
    with django_db_blocker.unblock():
        names = present_database() | {"DOPPEL_TEST_MEDIA_ROOT": str(media)}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.board.answers_in_production"],
        cwd=ROOT,
        env={**os.environ, **names, "DJANGO_SETTINGS_MODULE": "tests.production"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def over_https(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in answers if each["who"] != "plain HTTP"]


def test_every_answer_scores_a_plus(answers: list[dict[str, Any]]) -> None:
    wrong = []
    for each in over_https(answers):
        points = modifiers(each["headers"], each["cookies"])
        if grade_of(score_of(points)) != "A+":
            wrong.append(f"{each['who']} {each['status']} {each['address']}: {points}")
    assert wrong == [], "\n".join(wrong)


def test_errors_were_among_them(answers: list[dict[str, Any]]) -> None:
    assert {each["status"] for each in answers} >= STATUSES
    assert len(answers) > 300


def test_no_error_page_tells_what_failed(answers: list[dict[str, Any]]) -> None:
    assert [each for each in answers if each["leaks"]] == []


def test_pages_score_all_that_a_host_alone_can(answers: list[dict[str, Any]]) -> None:
    """More are only the 5 for SRI of scripts from elsewhere, and the 5 for a place in the list of preloaded hosts."""
    (page,) = [each for each in answers if each["who"] == "signing in"]
    assert score_of(modifiers(page["headers"], page["cookies"])) == 135


def test_plain_http_leads_to_https_on_the_same_host(answers: list[dict[str, Any]]) -> None:
    (answer,) = [each for each in answers if each["who"] == "plain HTTP"]
    assert answer["status"] == 301
    assert answer["headers"]["location"] == "https://board.example.org/tags/"


def test_cookies_belong_to_this_host_alone(answers: list[dict[str, Any]]) -> None:
    set_here = {cookie for each in answers for cookie in each["cookies"]}
    names = {cookie.partition("=")[0] for cookie in set_here}
    assert {"__Host-sessionid", "__Host-csrftoken"} <= names
    for cookie in set_here:
        words = {word.strip().lower() for word in cookie.split(";")}
        assert {"secure", "path=/"} <= words, cookie
        assert {"samesite=lax"} <= words, cookie
        assert not any(word.startswith("domain") for word in words), cookie
        is_taken_away = "max-age=0" in words
        assert is_taken_away or "httponly" in words or "csrftoken" in cookie, cookie


def test_nothing_is_inline_or_from_elsewhere(answers: list[dict[str, Any]]) -> None:
    """The admin too."""
    for each in over_https(answers):
        policy = parsed_policy(each["headers"]["content-security-policy"])
        assert policy["default-src"] == {"'none'"}, each["address"]
        for name in ("script-src", "style-src", "connect-src", "form-action"):
            assert policy.get(name, {"'none'"}) <= {"'self'", "'none'"}, (each["address"], name)


def test_pages_of_people_are_kept_by_nobody_else(answers: list[dict[str, Any]]) -> None:
    for each in over_https(answers):
        kept = each["headers"]["cache-control"]
        if "public" in kept:
            assert each["address"].startswith(("/renditions/", "/admin/jsi18n")), each["address"]
        else:
            assert "private" in kept or "no-store" in kept, (each["address"], kept)


@pytest.mark.parametrize(
    ("headers", "cookies", "grade"),
    [
        ({}, [], "D"),
        ({"content-security-policy": "default-src 'none'; script-src 'unsafe-inline'"}, [], "D"),
        ({}, ["sessionid=1"], "F"),
        ({"content-security-policy": "default-src 'self'", "x-content-type-options": "nosniff"}, [], "C+"),
    ],
)
def test_the_rules_tell_bad_from_good(headers: dict[str, str], cookies: list[str], grade: str) -> None:
    assert grade_of(score_of(modifiers(headers, cookies))) == grade
