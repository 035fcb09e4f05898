"""A stranger's Django project that installs ``dedupe`` and nothing else of ours."""

import os
from pathlib import Path

import environ

SECRET_KEY = "a stranger's key"
DATABASES = {"default": environ.Env().db_url("DATABASE_URL") | {"ENGINE": "django.db.backends.postgresql"}}
INSTALLED_APPS = ["dedupe", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.postgres"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
CELERY_BROKER_URL = os.environ["REDIS_URL"]
STORAGES = {
    name: {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": Path(os.environ["CATALOGUE_MEDIA"]) / name},
    }
    for name in ("default", "originals", "renditions")
}
DEDUPE = {"ask_probability": 0.6, "retention_days": 7}
