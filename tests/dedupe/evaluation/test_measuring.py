"""A whole measurement of twelve files, through storage, jail, Postgres and the search of uploads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dedupe.evaluation.collection import collect
from dedupe.evaluation.document import document
from dedupe.evaluation.measuring import measure
from dedupe.evaluation.pairs import read_pairs
from dedupe.evaluation.report import JudgedPair, Report, all_queries, judge, queries, tallies
from dedupe.evaluation.scratch import scratch_site
from dedupe.evaluation.tables import lines
from dedupe.models import Picture, State
from script.supervisor.postgres import Postgres
from tests.dedupe.evaluation.conftest import write_folder, write_listed, write_pairs


def evaluate(folder: Path, listed: Path) -> Report:
    pairs = read_pairs(listed, folder)
    with scratch_site():
        measurement = measure(collect(folder, pairs, leave_out=[listed]), 1, lambda what: lambda *_: None)
        assert Picture.objects.filter(state=State.LIVE).count() == len(measurement.library.files)
        assert Picture.objects.exclude(state__in=[State.LIVE, State.REJECTED]).count() == 0
    return judge(measurement, pairs)


@pytest.fixture(scope="module")
def report(postgres: Postgres, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """One measurement, read from all sides: it takes some seconds."""
    folder = write_folder(tmp_path_factory.mktemp("measured"))
    with django_db_blocker.unblock():
        return evaluate(folder, write_listed(folder))


def pair_of(report: Report, path_b: str) -> JudgedPair:
    return next(each for each in report.pairs if each.pair.path_b == path_b)


def test_the_measurement_of_twelve_files(report: Report) -> None:
    resized = pair_of(report, "photos/a small.jpg")
    assert resized.shown is not None
    assert (resized.kind, resized.shown.relation, resized.shown.rank) == ("same", "resized", 1)

    # A chain: "a poor" shows both a and "a small", and neither is false.
    poor = report.measurement.asked["photos/a poor.jpg"]
    assert len(poor.shown) == 2

    # On both sides: stored, and left out while it is asked about.
    small = report.measurement.library.own_picture("photos/a small.jpg")
    assert small is not None
    assert small not in {each.picture_id for each in report.measurement.asked["photos/a small.jpg"].shown}

    # Equal bytes.
    twin = pair_of(report, "photos/b twin.jpg")
    assert twin.shown is not None
    assert twin.shown.relation == "identical_bytes"
    library = report.measurement.library
    assert library.laid["loose/f.jpg"].picture_id == library.laid["loose/f twin.jpg"].picture_id
    assert library.own_picture("loose/f.jpg") is None
    assert [each.relation for each in report.measurement.asked["loose/f twin.jpg"].shown] == [
        "identical_bytes"
    ]  # fmt: skip

    # e and "e again" are listed by nobody.
    false = {(each.query, each.files) for each in report.false_suggestions}
    assert false == {
        ("loose/e.jpg", ("loose/e again.jpg",)),
        ("loose/e again.jpg", ("loose/e.jpg",)),
    }

    assert list(report.unreadable()) == ["loose/broken.jpg"]
    assert "broken: This picture is damaged" in report.unreadable()["loose/broken.jpg"]
    assert "loose/broken.jpg" not in report.measurement.asked
    assert report.failed() == {}


def test_the_counts_and_how_they_are_told(report: Report) -> None:
    by_class = tallies(report, "expected")
    assert (by_class["must_match",].pairs, by_class["must_match",].shown) == (3, 3)
    assert (by_class["must_not_match",].pairs, by_class["must_not_match",].shown) == (1, 0)
    assert by_class["must_not_match",].median_rank is None
    assert all_queries(report).asked == 8
    assert queries(report)["loose"].false_suggestions == 2
    assert queries(report)["loose"].false_per_query == 0.5

    told = json.loads(json.dumps(document(report)))
    assert told["confusion"]["must_match"] == {"not_shown": 0, "same": 3, "variant": 0}
    assert told["confusion"]["must_not_match"] == {"not_shown": 1, "same": 0, "variant": 0}
    assert told["queries"]["all"]["false_suggestions"] == 2
    assert told["files"] == {"stored": 8, "live_pictures": 7, "asked": 8, "unreadable": 1}
    assert told["times_ms"]["search_wall"]["count"] == 8
    assert told["times_ms"]["analysis_wall"]["count"] == 5  # a poor, b twin, d, f and f twin

    text = "\n".join(lines(report))
    assert "loose/e again.jpg" in text
    assert "loose/broken.jpg: broken" in text


def test_a_pair_of_different_pictures_spares_what_it_connects_and_that_is_told(
    server: Postgres, folder: Path
) -> None:
    listed = write_pairs(
        folder / "pairs.csv", ("s", "loose/e.jpg", "loose/e again.jpg", "x", "must_not_match")
    )
    report = evaluate(folder, listed)
    spared = {each.query for each in report.by_negatives_only}
    assert spared == {"loose/e again.jpg"}
    assert "loose/e again.jpg" not in {each.query for each in report.false_suggestions}
    assert pair_of(report, "loose/e again.jpg").kind == "same"


def test_a_listed_file_that_cannot_be_read_is_not_shown_and_told(server: Postgres, folder: Path) -> None:
    listed = write_pairs(
        folder / "pairs.csv",
        ("s", "loose/broken.jpg", "photos/d.jpg", "x", "must_match"),
        ("s", "photos/c.jpg", "loose/broken.jpg", "x", "must_match"),
    )
    report = evaluate(folder, listed)
    assert [each.kind for each in report.pairs] == ["not shown", "not shown"]
    assert all("broken" in each.problem for each in report.pairs)
    assert "2 of the pairs not shown could not be asked about" in "\n".join(lines(report))
