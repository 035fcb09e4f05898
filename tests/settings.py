"""The site's own settings with the servers of this test run, and what makes tests quick."""

import os
import tempfile

from tests.servers.addresses import TEMPLATE, addresses, process_name

_run = addresses()

# What somebody has set by hand for their own site is not what tests run on.
for _name in [name for name in os.environ if name.startswith("DOPPEL_")]:
    if not _name.startswith(("DOPPEL_TEST_", "DOPPEL_GUARDED")):
        del os.environ[_name]

# A process that serves one test (the fixture `worker`) is led to that test's database and pictures.
_media = os.environ.get("DOPPEL_TEST_MEDIA_ROOT") or tempfile.mkdtemp(
    prefix=f"media-{process_name()}-", dir=_run.folder
)
os.environ |= {
    "DATABASE_URL": os.environ.get("DOPPEL_TEST_DATABASE_URL") or _run.postgres_url("doppel"),
    "REDIS_URL": _run.valkey_url(),
    "DOPPEL_ENV": "development",
    "DOPPEL_STORAGE": "filesystem",
    "DOPPEL_MEDIA_ROOT": _media,
    "DOPPEL_SECRET_KEY": "only for tests, and long enough for Django's check of its length",
    "DOPPEL_ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    # Playwright's loop runs in the thread of the test, which Django would take for asynchronous code.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}

from board.settings import *  # noqa: E402, F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests of races open a connection for each of their threads; a pool would have them wait for one another.
DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
DATABASES["default"]["TEST"] = {"TEMPLATE": TEMPLATE}  # noqa: F405
# Each test client would list all static files anew; so they are looked for when they are asked for.
WHITENOISE_AUTOREFRESH = True
# A case that chance files would be one too many for the tests that count cases.
DEDUPE["sample_share"] = 0  # noqa: F405
# Counts are added up when a test asks for it: a timer would write past the test's transaction.
METRICS_FLUSH_SECONDS = 0
# One address asks for everything here; the tests of the limits turn them on.
LIMITS_ON = False
