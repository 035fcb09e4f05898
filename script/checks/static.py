"""The checks that read the code without running it, and Django's own."""

from script.checks.steps import Step, python

# As production as it gets without servers: what the deploy check looks at is told by the environment.
PRODUCTION = {
    "DOPPEL_ENV": "production",
    "DOPPEL_SECRET_KEY": "aB3$" * 16 + "only for the deploy check",
    "DOPPEL_ALLOWED_HOSTS": "board.example.org",
    "DOPPEL_CSRF_TRUSTED_ORIGINS": "https://board.example.org",
    "DOPPEL_BEHIND_PROXY": "true",
    "DATABASE_URL": "postgres://doppel:nowhere@127.0.0.1:1/doppel",
    "REDIS_URL": "redis://:nowhere@127.0.0.1:1/0",
    "DOPPEL_STORAGE": "s3",
    "DOPPEL_S3_ENDPOINT_URL": "https://s3.example.org",
    "DOPPEL_S3_BUCKET": "doppel",
    "DOPPEL_S3_REGION": "us-east-1",
    "DOPPEL_S3_ACCESS_KEY_ID": "nobody",
    "DOPPEL_S3_SECRET_ACCESS_KEY": "nothing",
}


def static_steps() -> list[Step]:
    """The longest first, as they run side by side."""
    return [
        python("mypy", "-m", "mypy", environment={"DATABASE_URL": PRODUCTION["DATABASE_URL"]}),
        python("ruff check", "-m", "ruff", "check"),
        python("ruff format", "-m", "ruff", "format", "--check"),
        python("djlint", "-m", "djlint", "--lint", "--quiet", "templates"),
        python("catalogues", "-m", "script.catalogues", "--check"),
        python(
            *("migrations", "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
            environment={"DATABASE_URL": PRODUCTION["DATABASE_URL"]},
        ),
        python(
            *("deploy check", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            environment=PRODUCTION,
        ),
    ]
