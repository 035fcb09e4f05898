"""Asks the site itself whether it is ready: the page says so only when a worker has answered."""

import http.client
import json
from http import HTTPStatus


def readiness(host: str, port: int) -> tuple[bool, str]:
    """Whether /readyz is content, and what it says is missing when it is not."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read(10_000)
    except (OSError, http.client.HTTPException):
        return False, "the web process does not answer yet"
    finally:
        connection.close()
    return answer.status == HTTPStatus.OK, _complaint(answer.status, body)


def _complaint(status: int, body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return f"/readyz answered {status}"
    return json.dumps(said)[:300]
