"""The rules of our bucket: how long incoming files may lie there, and which pages may send some.

Both are ours by their names; rules that somebody else has set stay as they are. A service that knows no such rules
still works: the sweep clears up by itself, and browsers fall back to sending their files through the site.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

EXPIRY = "doppel-incoming"
SENDING = "doppel-direct-uploads"
_NOTHING_SET = {"NoSuchLifecycleConfiguration", "NoSuchCORSConfiguration", "NoSuchConfiguration"}


def keep_rules(bucket: Any, *, prefix: str, origins: Sequence[str]) -> Iterator[str]:
    """Set what differs, and say of each rule in a line how it stands. ``origins`` are those that may send files."""
    yield _try("Incoming files", lambda: _keep_expiry(bucket, prefix))
    yield _try("Sending from browsers", lambda: _keep_sending(bucket, origins))


def _try(what: str, act: Callable[[], str]) -> str:
    try:
        return f"{what}: {act()}."
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "no reason")
        return f"{what}: the storage took no rule ({code}). See docs/operating.md."


def _keep_expiry(bucket: Any, prefix: str) -> str:
    """Remove what lies there for a day, and parts of uploads in parts."""
    rule = {
        "ID": EXPIRY,
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "Expiration": {"Days": 1},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    client = bucket.meta.client
    present = _present(lambda: client.get_bucket_lifecycle_configuration(Bucket=bucket.name)["Rules"])
    if rule in present:
        return "removed after a day, as before"
    others = [each for each in present if each.get("ID") != EXPIRY]
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket.name, LifecycleConfiguration={"Rules": [*others, rule]}
    )
    return "removed after a day"


def _keep_sending(bucket: Any, origins: Sequence[str]) -> str:
    """Allow POST to pages of these origins, and to no others by a rule of ours."""
    client = bucket.meta.client
    present = _present(lambda: client.get_bucket_cors(Bucket=bucket.name)["CORSRules"])
    rule = {
        "ID": SENDING,
        "AllowedMethods": ["POST"],
        "AllowedOrigins": list(origins),
        "AllowedHeaders": ["content-type"],
        "MaxAgeSeconds": 3600,
    }
    wanted = [each for each in present if each.get("ID") != SENDING] + ([rule] if origins else [])
    if wanted == present:
        return "as before"
    if wanted:
        client.put_bucket_cors(Bucket=bucket.name, CORSConfiguration={"CORSRules": wanted})
    else:
        client.delete_bucket_cors(Bucket=bucket.name)
    return f"allowed to {', '.join(origins)}" if origins else "not allowed"


def _present(rules: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    try:
        return rules()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _NOTHING_SET:
            return []
        raise
