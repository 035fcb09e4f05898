"""The API keeps what its OpenAPI description promises, whatever is sent: no 5xx, no answer that is not described.

Schemathesis makes requests out of the description, fitting ones and broken ones, and looks at each answer: its status,
type, headers and body must be described for this operation. Half of the requests name rows that are there. In the
suite a few an operation, each sent by four people; ``DOPPEL_TEST_SCHEMA_EXAMPLES=200`` makes more, others each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from board.models import ApiToken
from tests.board.test_permission_table import own_media, people, quick, upload, world

__all__ = ["own_media", "people", "quick", "upload", "world"]

_FEW = 2
_MANY = os.environ.get("DOPPEL_TEST_SCHEMA_EXAMPLES", "")
_HOW = settings(
    max_examples=int(_MANY or _FEW),
    derandomize=not _MANY,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# Which rows of the world each part of an address may name.
_NAMES = {
    "picture_id": ("live", "copy", "taken", "held"),
    "upload_id": ("held", "live", "copy"),
    "decision_id": ("answer", "removal"),
    "gallery_id": ("gallery",),
    "comment_id": ("comment",),
    "case_id": ("case",),
    "notice_id": ("notice",),
}


@pytest.fixture
def schema(db: None) -> Iterator[Any]:
    """The description, with the application behind it; the end of a request must not end the test's transaction."""
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for each in (request_started, request_finished):
        each.connect(close_old_connections)


def headers_of(people: dict[str, Any], role: str) -> dict[str, str]:
    if people[role] is None:
        return {}
    _, key = ApiToken.issue(people[role], "schema")
    return {"Authorization": f"Bearer {key}"}


def places(operation: Any, world: dict[str, Any]) -> st.SearchStrategy[dict[str, Any] | None]:
    """Names of rows for the parts of an address, or None: then they are made up."""
    names = [part for part in _NAMES if f"{{{part}}}" in operation.path]
    real = {part: st.sampled_from([world[name] for name in _NAMES[part]]) for part in names}
    return st.none() | st.fixed_dictionaries(real)


def faults_of(
    operation: Any, mode: GenerationMode, actors: dict[str, Any], world: dict[str, Any]
) -> Iterator[str]:
    """What was answered to anybody otherwise than the description says, by operation."""

    @_HOW
    @given(case=operation.as_strategy(generation_mode=mode), place=places(operation, world))
    def ask(case: Any, place: dict[str, Any] | None) -> None:
        if place:
            case.path_parameters = {**(case.path_parameters or {}), **place}
        for role, headers in actors.items():
            note(f"as {role}")
            with transaction.atomic():
                response = case.call(headers=headers)
                transaction.set_rollback(True)
            case.validate_response(response, checks=_CHECKS)

    try:
        ask()
    except (Failure, FailureGroup) as failure:
        yield f"{operation.method.upper()} {operation.path}: {failure} {getattr(failure, '__notes__', '')}"
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # it takes nothing that could be broken


@pytest.mark.timeout(3600 if _MANY else 600)
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "broken"]
)
def test_every_answer_is_described(
    schema: Any, world: dict[str, Any], people: dict[str, Any], mode: GenerationMode
) -> None:
    actors = {role: headers_of(people, role) for role in ("visitor", "other person", "owner", "operator")}
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 30
    faults = [fault for each in operations for fault in faults_of(each, mode, actors, world)]
    assert faults == [], "\n\n".join(faults)
