"""The API describes itself, from our own host alone."""

from __future__ import annotations

import re

from django.contrib.staticfiles import finders
from django.test import Client

from tests.board.api.conftest import Actor, problem_of

OPEN = ("/api/v1/pictures", "/api/v1/galleries", "/api/v1/tags")


def test_every_operation_is_described(db: None) -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert document["info"]["title"] == "Doppel"
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["description"], path
            assert operation["tags"], path
            good = [status for status in operation["responses"] if int(status) < 400]
            assert good, (path, method)
            for status in ("422", "500"):
                content = operation["responses"][status]["content"]
                assert list(content) == ["application/problem+json"], (path, method)
            anybody = {} in operation["security"]
            open_to_all = method == "get" and path.startswith(OPEN)
            assert anybody == open_to_all, (path, method)


def test_a_body_that_cannot_be_read_is_refused_as_described(alice: Actor) -> None:
    paths = alice.get("openapi.json").json()["paths"]
    asked = 0
    for path, operations in paths.items():
        for method, operation in operations.items():
            if "application/json" in operation.get("requestBody", {}).get("content", {}):
                address = re.sub(r"{\w+}", "1", path)
                response = alice.client.generic(
                    method.upper(), address, b"\0", content_type="application/json"
                )
                assert str(response.status_code) in operation["responses"], (path, method, response.content)
                assert response.status_code in {400, 403, 404}, (path, method)
                asked += response.status_code == 400
    assert asked > 10


def test_an_id_that_is_an_address_of_its_own_is_answered_as_described(alice: Actor) -> None:
    responses = alice.get("openapi.json").json()["paths"]["/api/v1/uploads/{upload_id}"]["get"]["responses"]
    assert alice.get("uploads/presign").status_code == 405
    assert "405" in responses


def test_limits_are_described_wherever_matches_are_listed(db: None) -> None:
    schemas = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name in ("SearchOut", "UploadOut"):
        for field in ("cut", "not_searched", "limits"):
            assert schemas[name]["properties"][field]["description"], (name, field)
            assert field in schemas[name]["required"]


def test_what_goes_along_with_an_answer_is_described(db: None) -> None:
    schemas = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    wanted = schemas["Answer"]["properties"]["hand_over"]
    assert wanted["default"] is True
    assert "missing tag" in wanted["description"]
    assert {"$ref": "#/components/schemas/HandOver"} in wanted["anyOf"]
    assert set(schemas["HandOver"]["properties"]) == {"tags", "source", "title"}
    assert "hand_over" not in schemas["Answer"]["required"]


def test_ids_of_operations_differ(db: None) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    ids = [operation["operationId"] for operations in paths.values() for operation in operations.values()]
    assert len(ids) == len(set(ids))


def test_the_pages_load_nothing_from_elsewhere_and_run_nothing_inline(db: None) -> None:
    response = Client().get("/api/v1/docs")
    page = response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert not re.search(r"(src|href)=.(https?:)?//", page)
    assert set(re.findall(r"<script([^>]*)>", page)) <= {
        ' type="application/json" id="swagger-settings"',
        *(f' src="/static/{name}"' for name in ("ninja/swagger-ui-bundle.js", "ninja/swagger-ui-init.js")),
    }
    for name in re.findall(r'/static/([^"]+)', page):
        assert finders.find(name), name


def test_documents_are_read_only(db: None) -> None:
    problem_of(Client().post("/api/v1/openapi.json"), 405)


def test_trying_out_in_a_session_carries_the_csrf_token(alice: Actor) -> None:
    page = alice.session().get("/api/v1/docs").content.decode()
    assert re.search(r'data-csrf-token="\w{32,}"', page)
    assert 'data-api-csrf="true"' in page
