"""The score of an answer's headers by the published rules of Mozilla's HTTP Observatory.

Source: the scoring table of github.com/mdn/mdn-http-observatory, src/grader/charts.js, and the tests beside it
(src/analyzer/tests), of 2024–25. 100 points to begin with; penalties; bonuses only from 90 on; 100 and more is A+.
What needs more than one answer is asked for elsewhere: that plain HTTP leads to HTTPS on the same host. Scripts from
our own host need no SRI (0 points), and HSTS preloading (+5) is a list that no test can enter: both count as 0 here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http.cookies import SimpleCookie

_SIX_MONTHS = 15_768_000
_LEAST_FOR_BONUS = 90
_GRADES = (
    *((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C")),
    *((45, "C-"), (40, "D+"), (30, "D"), (25, "D-"), (0, "F")),
)
_BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
_UNSAFE = {"'unsafe-inline'", "data:"}
_PRIVATE_REFERRER = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_CORP = {"same-origin": 10, "same-site": 10, "cross-origin": 0}


def modifiers(headers: Mapping[str, str], cookies: Iterable[str] = ()) -> dict[str, int]:
    """Points of each test for one answer over HTTPS. Names of headers in lower case; ``cookies`` as they are set."""
    policy = parsed_policy(headers.get("content-security-policy", ""))
    return {
        "content-security-policy": _of_policy(policy),
        "cookies": _of_cookies(cookies),
        "cross-origin-resource-sharing": -50 if "access-control-allow-credentials" in headers else 0,
        "cross-origin-resource-policy": _of_corp(headers.get("cross-origin-resource-policy")),
        "referrer-policy": _of_referrer(headers.get("referrer-policy")),
        "strict-transport-security": _of_hsts(headers.get("strict-transport-security")),
        "x-content-type-options": 0 if headers.get("x-content-type-options", "").lower() == "nosniff" else -5,
        "x-frame-options": _of_frames(policy, headers.get("x-frame-options")),
    }


def score_of(points: Mapping[str, int]) -> int:
    """The sum: bonuses count only when there is little to lose."""
    without = 100 + sum(each for each in points.values() if each < 0)
    bonus = sum(each for each in points.values() if each > 0)
    return max(0, without + bonus if without >= _LEAST_FOR_BONUS else without)


def grade_of(score: int) -> str:
    """The letter of a score."""
    return next(letter for least, letter in _GRADES if score >= least)


def parsed_policy(text: str) -> dict[str, set[str]]:
    """The sources of each directive, in lower case."""
    parts = [part.split() for part in text.lower().split(";") if part.strip()]
    return {name: set(sources) or {"'none'"} for name, *sources in parts}


def _of_policy(policy: Mapping[str, set[str]]) -> int:
    if not policy:
        return -25
    usual = policy.get("default-src", {"*"})
    scripts, styles, objects = (policy.get(f"{each}-src", usual) for each in ("script", "style", "object"))
    images = policy.get("img-src", usual) | policy.get("media-src", usual)
    loaded = {
        each for name, sources in policy.items() if name not in {"img-src", "media-src"} for each in sources
    }
    if scripts & (_BROAD | _UNSAFE) or objects & _BROAD:
        return -20
    if any(each.startswith(("http:", "ftp:")) for each in loaded):
        return -20
    if "'unsafe-eval'" in scripts | styles or any(each.startswith(("http:", "ftp:")) for each in images):
        return -10
    if styles & (_BROAD | _UNSAFE):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def _of_cookies(cookies: Iterable[str]) -> int:
    found = [(name, morsel) for each in cookies for name, morsel in SimpleCookie(each).items()]
    if not found:
        return 0
    points = [5]
    for name, morsel in found:
        is_session = any(part in name.lower() for part in ("login", "sess"))
        points += [-40] if is_session and not morsel["secure"] else []
        points += [-30] if is_session and not morsel["httponly"] else []
        points += [] if morsel["secure"] else [-20]
        points += [] if morsel["samesite"] else [-20 if "csrf" in name.lower() else 0]
        points += [-20] if morsel["samesite"].lower() == "none" and not morsel["secure"] else []
    return min(points)


def _of_corp(value: str | None) -> int:
    return 0 if value is None else _CORP.get(value.lower(), -5)


def _of_referrer(value: str | None) -> int:
    if value is None:
        return 0
    return 5 if value.split(",")[-1].strip().lower() in _PRIVATE_REFERRER else -5


def _of_hsts(value: str | None) -> int:
    ages = [
        part.partition("=")[2] for part in (value or "").split(";") if part.strip().startswith("max-age=")
    ]
    if len(ages) != 1 or not ages[0].isdecimal():
        return -20
    return 0 if int(ages[0]) >= _SIX_MONTHS else -10


def _of_frames(policy: Mapping[str, set[str]], value: str | None) -> int:
    if not policy.get("frame-ancestors", {"*"}) & _BROAD:
        return 5
    return 0 if (value or "").upper() in {"DENY", "SAMEORIGIN"} else -20
