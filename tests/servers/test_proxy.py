"""The proxy does to connections what its name for it says."""

import http.client
import http.server
import threading
import time
from collections.abc import Iterator

import pytest

from tests.servers.proxy import Proxy


class _Hello(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 1000)

    def log_message(self, *_: object) -> None:
        """Not said."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Hello)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made = Proxy(server.server_port)
    yield made
    made.close()
    server.shutdown()
    server.server_close()


def get(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    return answer.status


def open_to(proxy: Proxy, timeout: float = 5) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=timeout)


def test_everything_passes_until_told_otherwise(proxy: Proxy) -> None:
    kept = open_to(proxy)
    assert [get(kept), get(kept), get(open_to(proxy))] == [200] * 3


def test_it_refuses_and_listens_again_on_the_same_port(proxy: Proxy) -> None:
    kept = open_to(proxy)
    assert get(kept) == 200
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        get(open_to(proxy))
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        get(kept)
    proxy.mend()
    assert get(open_to(proxy)) == 200


def test_it_falls_silent_and_goes_on(proxy: Proxy) -> None:
    kept = open_to(proxy, timeout=0.2)
    assert get(kept) == 200
    proxy.silence()
    with pytest.raises(TimeoutError):
        get(kept)
    proxy.mend()
    assert get(open_to(proxy)) == 200


def test_it_forgets_old_connections_and_serves_new_ones(proxy: Proxy) -> None:
    kept = open_to(proxy, timeout=0.2)
    assert get(kept) == 200
    proxy.forget()
    with pytest.raises(TimeoutError):
        get(kept)
    assert get(open_to(proxy)) == 200


def test_it_is_slow(proxy: Proxy) -> None:
    proxy.slow(0.1)
    started = time.monotonic()
    assert get(open_to(proxy)) == 200
    assert time.monotonic() - started > 0.2


def test_it_cuts_an_answer_off(proxy: Proxy) -> None:
    proxy.cut_after(500)
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        get(open_to(proxy))
    proxy.mend()
    assert get(open_to(proxy)) == 200


def test_it_answers_in_place_of_the_server(proxy: Proxy) -> None:
    proxy.answer(b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    assert get(open_to(proxy)) == 503
