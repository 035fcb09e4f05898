"""The site's settings in production, on the database and the picture folder of a test run."""

import os

from script.checks.static import PRODUCTION as _NAMES

os.environ |= _NAMES | {
    "DATABASE_URL": os.environ["DOPPEL_TEST_DATABASE_URL"],
    "DOPPEL_STORAGE": "filesystem",
    "DOPPEL_MEDIA_ROOT": os.environ["DOPPEL_TEST_MEDIA_ROOT"],
    "DOPPEL_LOG_LEVEL": "CRITICAL",
}

from board.settings import *  # noqa: F403

# The names of static files with their hashes are made by collectstatic, which is no part of a test run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # noqa: F405
DATABASES["default"]["OPTIONS"].pop("pool", None)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
