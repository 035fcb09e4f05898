"""What ninja's OpenAPI document lacks: the problem documents that each operation may answer with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from board.api.problems import MEDIA_TYPE
from board.api.schemas.responses import ProblemOut

_UNSAFE = {"post", "put", "patch", "delete"}
_OPEN = {"pictures", "galleries", "tags"}
_PLACES = {"before", "after"}
"""Parameters of lists that name a row to go on from."""
_REFERENCE = "#/components/schemas/{model}"


def describe_problems(document: dict[str, Any]) -> None:
    """Add them to the document, and say where nobody need sign in."""
    problem = ProblemOut.model_json_schema(ref_template=_REFERENCE)
    document["components"]["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            open_to_all = method == "get" and bool(_OPEN & set(operation["tags"]))
            found = _statuses(path, method, operation)
            if _meets_another(path, method, document["paths"]):
                found.append(HTTPStatus.METHOD_NOT_ALLOWED)
            for status in found:
                operation["responses"].setdefault(str(int(status)), _problem(status))
            operation.setdefault("security", [])  # a signed form is its own permission
            if open_to_all:
                operation["security"].append({})


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[HTTPStatus]:
    found = [HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY]
    found += [HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS]
    changes, names_a_row = method in _UNSAFE, "{" in path
    if changes or {"review", "statistics"} & set(operation["tags"]):
        found.append(HTTPStatus.FORBIDDEN)
    goes_on = _PLACES & {parameter["name"] for parameter in operation.get("parameters", ())}
    if names_a_row or goes_on:
        found.append(HTTPStatus.NOT_FOUND)
    if changes and names_a_row:
        found.append(HTTPStatus.CONFLICT)
    if path.endswith(("/pictures/{picture_id}", "/decisions/{decision_id}", "/objection")):
        found.append(HTTPStatus.GONE)
    has_body = "requestBody" in operation
    if has_body:
        found.append(HTTPStatus.BAD_REQUEST)
    if has_body or method == "post":
        found.append(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return found


def _meets_another(path: str, method: str, paths: Mapping[str, Any]) -> bool:
    """Whether some value makes it an address of its own, which takes no such method: ``uploads/presign``."""
    shape = re.compile(re.sub(r"{\w+}", "[^/]+", path))
    return any(
        other != path and shape.fullmatch(other) and method not in operations
        for other, operations in paths.items()
    )


def _problem(status: HTTPStatus) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
