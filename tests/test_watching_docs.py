"""The dashboard and the alerts name only what /metrics shows, and everything that it shows is on the dashboard."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from board.watching.counting import MEASURES
from board.watching.standing import GAUGES
from dedupe.measures import Stage
from script.supervisor.places import ROOT

DASHBOARD: dict[str, Any] = json.loads((ROOT / "docs/watching/dashboard.json").read_text())
ALERTS: dict[str, Any] = yaml.safe_load((ROOT / "docs/watching/alerts.yml").read_text())
OPERATING = (ROOT / "docs/operating.md").read_text()

SAMPLES = {gauge.name: gauge.labels for gauge in GAUGES}
for _measure in MEASURES:
    if _measure.bounds:
        SAMPLES |= {
            f"{_measure.name}{end}": (*_measure.labels, "le") for end in ("_bucket", "_count", "_sum")
        }
    else:
        SAMPLES[f"{_measure.name}_total"] = _measure.labels


def questions() -> list[str]:
    """Every expression of the dashboard and of the alerts."""
    asked = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
    return asked + [rule["expr"] for group in ALERTS["groups"] for rule in group["rules"]]


def test_every_name_and_label_that_is_asked_for_exists() -> None:
    for question in questions():
        for name, chosen in re.findall(r"(doppel_\w+)(?:\{([^}]*)\})?", question):
            assert name in SAMPLES, question
            assert set(re.findall(r"(\w+)[=!]", chosen)) <= set(SAMPLES[name]), question
        grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", question) for label in by.split(",")}
        known = {label for name in re.findall(r"doppel_\w+", question) for label in SAMPLES[name]}
        assert grouped <= known, question


def test_a_step_that_is_asked_for_exists() -> None:
    asked = set(re.findall(r'stage="(\w+)"', " ".join(questions())))
    assert asked <= set(Stage)


def test_everything_that_is_measured_is_on_the_dashboard_and_in_the_docs() -> None:
    shown = " ".join(questions())
    for each in (*MEASURES, *GAUGES):
        assert each.name in shown
        assert f"`{each.name}`" in OPERATING


def test_panels_have_room_and_names_of_their_own() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    assert all(p["gridPos"]["x"] + p["gridPos"]["w"] <= 24 for p in DASHBOARD["panels"])
    assert all(rule["annotations"]["summary"] for group in ALERTS["groups"] for rule in group["rules"])
