"""Addresses are read strictly, before anything is looked up."""

import pytest

from dedupe.fetching import NotFetched, Unfetched, check_address
from dedupe.fetching.targets import Target, target_of


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://example.org", Target("https", "example.org", 443, "/")),
        ("HTTP://Example.ORG:80/a b".replace(" ", "%20"), Target("http", "example.org", 80, "/a%20b")),
        ("https://example.org/ö?q=ü&r=1#part", Target("https", "example.org", 443, "/%C3%B6?q=%C3%BC&r=1")),
        ("https://bücher.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
        ("http://[2606:4700::1]/x", Target("http", "2606:4700::1", 80, "/x")),
        ("https://example.org//x", Target("https", "example.org", 443, "//x")),
    ],
)
def test_good_ones(address: str, target: Target) -> None:
    assert target_of(address) == target


def test_the_header_host_names_a_port_only_where_it_is_unusual() -> None:
    assert target_of("https://example.org/").authority == "example.org"
    assert target_of("http://[2606:4700::1]:443/").authority == "[2606:4700::1]:443"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        *(
            (bad, Unfetched.NOT_AN_ADDRESS)
            for bad in ("", "hills.jpg", "//example.org/x", "https://", "http:///x")
        ),
        *(
            (f"{scheme}://example.org/x", Unfetched.NOT_AN_ADDRESS)
            for scheme in ("ftp", "file", "gopher", "javascript")
        ),
        ("data:image/png;base64,AAAA", Unfetched.NOT_AN_ADDRESS),
        ("https://example.org/a b", Unfetched.NOT_AN_ADDRESS),
        ("https://example.org/a\nHost: inside", Unfetched.NOT_AN_ADDRESS),
        ("https://example.org\\@inside/", Unfetched.NOT_AN_ADDRESS),
        ("https://exam%70le.org/", Unfetched.NOT_AN_ADDRESS),
        ("https://[::1", Unfetched.NOT_AN_ADDRESS),
        ("https://[fe80::1%25eth0]/", Unfetched.NOT_AN_ADDRESS),
        ("https://example.org:port/", Unfetched.NOT_AN_ADDRESS),
        ("https://example.org:70000/", Unfetched.NOT_AN_ADDRESS),
        (f"https://{'x' * 300}ö.example/", Unfetched.NOT_AN_ADDRESS),
        ("https://example.org/" + "x" * 2000, Unfetched.NOT_AN_ADDRESS),
        ("https://alice@example.org/", Unfetched.WITH_PASSWORD),
        ("https://alice:secret@example.org/", Unfetched.WITH_PASSWORD),
        ("http://example.org:22/", Unfetched.OTHER_PORT),
        ("http://example.org:0/", Unfetched.OTHER_PORT),
        ("http://127.0.0.1/", Unfetched.NOT_PUBLIC),
        ("http://[::ffff:10.0.0.1]/", Unfetched.NOT_PUBLIC),
    ],
)
def test_bad_ones_say_why(address: str, reason: Unfetched) -> None:
    with pytest.raises(NotFetched) as caught:
        check_address(address)
    assert caught.value.reason == reason


def test_a_name_is_not_looked_up_yet() -> None:
    check_address("https://no-such-site.invalid/hills.jpg")


@pytest.mark.parametrize("reason", list(Unfetched))
def test_every_reason_says_what_to_do(reason: Unfetched) -> None:
    assert reason.message.endswith(".")
    assert len(reason.value) <= 32
