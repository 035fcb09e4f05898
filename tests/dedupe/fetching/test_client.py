"""The guarded client against real sites: it reaches what it may, and nothing holds it."""

from __future__ import annotations

import io
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedupe.fetching import Guard, NotFetched, Unfetched, client, fetch
from dedupe.imaging import Refusal, Refused
from tests.dedupe.fetching import sites
from tests.dedupe.fetching.sites import dripping, flooding, giving, guard_for, redirecting, saying, site

BODY = b"\xff\xd8\xff" + bytes(range(256)) * 500


def fetched(address: str, guard: Guard) -> bytes:
    into = io.BytesIO()
    fetch(address, into, guard)
    return into.getvalue()


def reason_of(address: str, guard: Guard) -> Unfetched:
    with pytest.raises(NotFetched) as caught:
        fetch(address, io.BytesIO(), guard)
    return caught.value.reason


def test_the_bytes_come_whatever_the_site_says_that_they_are() -> None:
    with site(giving(BODY)) as port:
        assert fetched(f"http://pictures.test:{port}/hills.jpg?size=1", guard_for(port)) == BODY
    asked = sites.requests[-1]
    assert asked.startswith("GET /hills.jpg?size=1 HTTP/1.1\r\n")
    assert f"\r\nHost: pictures.test:{port}\r\n" in asked
    assert not {"cookie", "authorization", "referer"} & {
        line.partition(":")[0].lower() for line in asked.splitlines()
    }


def test_bodies_in_chunks_and_without_a_length() -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    with site(saying("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", chunked)) as port:
        assert fetched(f"http://a.test:{port}/", guard_for(port)) == BODY
    with site(saying("HTTP/1.1 200 OK", BODY)) as port:
        assert fetched(f"http://a.test:{port}/", guard_for(port)) == BODY


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with site(giving(BODY)) as port:
        assert fetched(f"http://a.test:{port}/", guard_for(port)) == BODY


def test_a_redirect_is_followed_three_times_and_no_further() -> None:
    def to_the_next(connection: socket.socket) -> None:
        number = int(sites.requests[-1].split()[1].strip("/"))
        (giving(BODY) if number == 0 else redirecting(f"/{number - 1}"))(connection)

    with site(to_the_next) as port:
        assert fetched(f"http://a.test:{port}/3", guard_for(port)) == BODY
        assert reason_of(f"http://a.test:{port}/4", guard_for(port)) == Unfetched.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("http://127.0.0.2/", Unfetched.OTHER_PORT),
        ("http://inside.test:{port}/", Unfetched.NOT_PUBLIC),
        ("http://[::1]:{port}/", Unfetched.NOT_PUBLIC),
        ("file:///etc/passwd", Unfetched.NOT_AN_ADDRESS),
        ("http://[broken", Unfetched.NOT_AN_ADDRESS),
        ("http://a:b@a.test:{port}/", Unfetched.WITH_PASSWORD),
    ],
)
@pytest.mark.hostile("input 16")
def test_every_redirect_is_checked_as_the_first_address_was(to: str, reason: Unfetched) -> None:
    def look_up(host: str, port: int, seconds: float) -> list[str]:
        return ["127.0.0.1"] if host == "a.test" else ["::1" if host == "::1" else "127.0.0.2"]

    def lead_on(connection: socket.socket) -> None:
        redirecting(to.format(port=port))(connection)

    with site(lead_on) as port:
        assert reason_of(f"http://a.test:{port}/", guard_for(port, look_up=look_up)) == reason


@pytest.mark.hostile("input 16")
def test_a_name_is_resolved_once_so_that_it_cannot_mean_something_else_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with site(giving(BODY)) as port:
        guard = guard_for(port, look_up=lambda *_: next(answers))
        assert fetched(f"http://rebinding.test:{port}/", guard) == BODY
        assert reason_of(f"http://rebinding.test:{port}/", guard) == Unfetched.NOT_PUBLIC


def test_one_address_inside_spoils_all_of_a_name() -> None:
    with site(giving(BODY)) as port:
        guard = guard_for(port, look_up=lambda *_: ["127.0.0.1", "10.0.0.1"])
        assert reason_of(f"http://mixed.test:{port}/", guard) == Unfetched.NOT_PUBLIC


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "0"])
@pytest.mark.hostile("input 16")
def test_this_machine_is_not_reached_under_any_of_its_names(host: str) -> None:
    """With the name server of this system, and nothing trusted."""
    before = len(sites.requests)
    with site(giving(BODY)) as port:
        assert reason_of(f"http://{host}:{port}/", Guard(seconds=5, ports={port})) == Unfetched.NOT_PUBLIC
    assert len(sites.requests) == before


@pytest.mark.parametrize(
    "answer",
    [
        dripping("HTTP/1.1 200 OK\n\n"),
        dripping("HTTP/1.1 200 OK\nContent-Length: 1000000\n\n"),
        dripping("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", b"1"),
        dripping("HTTP/1.1 200 OK\nX-Long: "),
        dripping("HTTP/1.1 200 OK\n", b"X-Many: 1\r\n"),
        dripping("", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.001),
        lambda connection: connection.recv(1),
    ],
    ids=["body", "short body", "chunks", "header", "headers", "informing", "silence"],
)
@pytest.mark.hostile("input 16")
def test_who_is_slow_is_cut_off(answer: Callable[[socket.socket], None]) -> None:
    with site(answer) as port:
        started = time.monotonic()
        reason = reason_of(f"http://slow.test:{port}/", guard_for(port, seconds=0.6))
        assert time.monotonic() - started < 2
    assert reason in {Unfetched.TOO_SLOW, Unfetched.NO_ANSWER}


@pytest.mark.hostile("input 16")
def test_a_body_without_end_is_left_at_the_limit() -> None:
    with site(flooding) as port:
        into = io.BytesIO()
        with pytest.raises(Refused) as caught:
            fetch(f"http://endless.test:{port}/", into, guard_for(port, max_bytes=1_000_000))
    assert caught.value.refusal == Refusal.TOO_MANY_BYTES
    assert len(into.getvalue()) <= 1_000_000


@pytest.mark.hostile("input 16")
def test_a_body_that_is_announced_too_large_is_not_read() -> None:
    with site(saying("HTTP/1.1 200 OK\nContent-Length: 1000001")) as port, pytest.raises(Refused):
        fetch(f"http://large.test:{port}/", io.BytesIO(), guard_for(port, max_bytes=1_000_000))


def test_a_name_that_is_not_answered_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1))
    started = time.monotonic()
    assert reason_of("http://slow-names.test/", Guard(seconds=0.2)) == Unfetched.NO_ANSWER
    assert time.monotonic() - started < 0.9


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (saying("HTTP/1.1 404 Not Found\nContent-Length: 0"), Unfetched.NOT_THERE),
        (saying("HTTP/1.1 410 Gone\nContent-Length: 0"), Unfetched.NOT_THERE),
        (saying("HTTP/1.1 403 Forbidden\nContent-Length: 0"), Unfetched.NOT_GIVEN),
        (saying("HTTP/1.1 204 Nothing"), Unfetched.NOT_GIVEN),
        (saying("HTTP/1.1 304 As before"), Unfetched.NOT_GIVEN),
        (saying("HTTP/1.1 302 Elsewhere\nContent-Length: 0"), Unfetched.NOT_GIVEN),
        (saying("HTTP/1.1 503 Busy\nContent-Length: 0"), Unfetched.NO_ANSWER),
        (saying("HTTP/1.1 200 OK\nContent-Length: 100", b"short"), Unfetched.NO_ANSWER),
        (saying("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"nonsense\r\n"), Unfetched.NO_ANSWER),
        (saying("SSH-2.0-OpenSSH_9"), Unfetched.NO_ANSWER),
        (lambda connection: None, Unfetched.NO_ANSWER),
    ],
)
def test_what_else_a_site_may_say(answer: Callable[[socket.socket], None], reason: Unfetched) -> None:
    with site(answer) as port:
        assert reason_of(f"http://odd.test:{port}/", guard_for(port)) == reason


def test_a_closed_port_is_no_answer() -> None:
    with socket.socket() as bound:  # and not listening: nobody else gets the port meanwhile
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        assert reason_of(f"http://closed.test:{port}/", guard_for(port)) == Unfetched.NO_ANSWER


def test_a_disk_of_ours_that_is_full_is_not_their_fault() -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    with site(giving(BODY)) as port, pytest.raises(OSError, match="No space"):
        fetch(f"http://a.test:{port}/", Full(), guard_for(port))


def test_tls_wants_the_certificate_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a.test"]
    names = ["-addext", "subjectAltName=DNS:a.test", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with site(giving(BODY), lambda visitor: context.wrap_socket(visitor, server_side=True)) as port:
        assert reason_of(f"https://a.test:{port}/", guard_for(port)) == Unfetched.NO_ANSWER
        monkeypatch.setattr(client, "_CERTIFIED", ssl.create_default_context(cafile=str(certificate)))
        assert fetched(f"https://a.test:{port}/", guard_for(port)) == BODY
        assert reason_of(f"https://b.test:{port}/", guard_for(port)) == Unfetched.NO_ANSWER


def test_a_handshake_that_never_ends_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        started = time.monotonic()
        assert reason_of(f"https://mute.test:{port}/", guard_for(port, seconds=0.5)) == Unfetched.TOO_SLOW
        assert time.monotonic() - started < 2
