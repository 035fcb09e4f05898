"""Production is refused, with every reason at once, while its settings are unsafe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ImproperlyConfigured

_SHORTEST_KEY = 50
_S3_NAMES = ("DOPPEL_S3_BUCKET", "DOPPEL_S3_ACCESS_KEY_ID", "DOPPEL_S3_SECRET_ACCESS_KEY")


def refuse_unsafe(
    *, secret_key: str, debug: bool, allowed_hosts: Sequence[str], storage: str, env: Mapping[str, str]
) -> None:
    """Raise ImproperlyConfigured that lists everything unsafe, by the names of the environment."""
    problems = []
    if len(secret_key) < _SHORTEST_KEY or len(set(secret_key)) < 8:
        problems.append(f"DOPPEL_SECRET_KEY must be random and at least {_SHORTEST_KEY} characters long")
    if debug:
        problems.append("DOPPEL_DEBUG must be off")
    if not allowed_hosts or "*" in allowed_hosts:
        problems.append("DOPPEL_ALLOWED_HOSTS must name the hosts, and not *")
    problems += [f"{name} must be set" for name in ("DATABASE_URL", "REDIS_URL") if not env.get(name)]
    if storage == "s3":
        problems += [f"{name} must be set" for name in _S3_NAMES if not env.get(name)]
        public = env.get("DOPPEL_S3_PUBLIC_ENDPOINT_URL")
        if public and not public.startswith("https://"):
            problems.append("DOPPEL_S3_PUBLIC_ENDPOINT_URL must begin with https://")
    elif storage != "filesystem":
        problems.append("DOPPEL_STORAGE must be filesystem or s3")
    if problems:
        raise ImproperlyConfigured("Doppel does not start in production:\n- " + "\n- ".join(problems))
