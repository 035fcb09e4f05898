"""A program that calls the JSON API of a running site over HTTP, as a stranger would write it."""

import http.client
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.servers.live import LiveSite

SETTLED = {"live", "held", "withdrawn", "rejected", "expired", "removed"}
_ISSUE = (
    "from board.models import ApiToken, User; from board.roles import SiteRole, appoint; "
    "user, _ = User.objects.get_or_create(username={name!r}); "
    "{staff!r} and appoint(user, SiteRole.OPERATOR); "
    "print('KEY', ApiToken.issue(user, 'tests')[1])"
)
_keys: dict[tuple[str, str, bool], str] = {}
"""By site, name and staff or not: issuing one takes a whole start of Django."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Program:
    """Somebody's program, with their key."""

    base_url: str
    key: str

    @classmethod
    def of(cls, site: LiveSite, name: str, *, staff: bool = False) -> "Program":
        """Make a person on the site and a key for them; the same person keeps the same key."""
        person = (site.base_url, name, staff)
        if person not in _keys:
            said = site.manage("shell", "-c", _ISSUE.format(name=name, staff=staff))
            _keys[person] = next(line.split()[1] for line in said.splitlines() if line.startswith("KEY "))
        return cls(site.base_url, _keys[person])

    def call(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Reply:
        """One request; redirects are not followed."""
        parts = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.key}"}
        if content_type:
            headers["Content-Type"] = content_type
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def post(self, path: str, value: Any) -> Reply:
        return self.call("POST", f"/api/v1/{path}", json.dumps(value).encode(), "application/json")

    def get(self, path: str) -> Reply:
        return self.call("GET", f"/api/v1/{path}")

    def upload(self, data: bytes, name: str = "picture.jpg") -> Reply:
        """Send one file as a browser's form does."""
        boundary = uuid.uuid4().hex
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        return self.call("POST", "/api/v1/uploads", body, f"multipart/form-data; boundary={boundary}")

    def follow(self, upload: str, limit: float = 60) -> Any:
        """Ask until the upload has settled, ever more patiently; what is known of it then."""
        deadline = time.monotonic() + limit
        pause = 0.1
        while time.monotonic() < deadline:
            reply = self.get(f"uploads/{upload}")
            if reply.status == http.client.OK and reply.json["state"] in SETTLED:
                return reply.json
            time.sleep(pause)
            pause = min(1.0, pause * 1.4)  # twenty askers would leave the worker no processor
        raise AssertionError(f"upload {upload} did not settle within {limit:.0f} s")

    def submit(self, data: bytes, name: str = "picture.jpg", limit: float = 60) -> Any:
        """Send a file and follow it to its end."""
        return self.follow(self.upload(data, name).json["id"], limit)
