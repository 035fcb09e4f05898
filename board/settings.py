"""Settings, from the environment alone. Every name is listed in docs/operating.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from botocore.config import Config
from csp.constants import NONE, SELF

from board.limits.groups import rates_from
from board.safety import refuse_unsafe
from board.watching.logs import configuration

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

PRODUCTION = env.str("DOPPEL_ENV", "development") == "production"
DEBUG = env.bool("DOPPEL_DEBUG", False)
SECRET_KEY = env.str("DOPPEL_SECRET_KEY", "" if PRODUCTION else "for development only, never in production")
ALLOWED_HOSTS = env.list("DOPPEL_ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("DOPPEL_CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "board",
    "dedupe",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    "ninja",
]

MIDDLEWARE = [
    "board.watching.middleware.WatchingMiddleware",
    "board.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "board.languages.LanguageMiddleware",
    "board.outages.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "board.limits.middleware.LimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "board.urls"
WSGI_APPLICATION = "board.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "board.pages.context.navigation",
            ],
        },
    },
]

DATABASES: dict[str, Any] = {
    "default": env.db_url("DATABASE_URL", "postgres://doppel:doppel@127.0.0.1:5432/doppel")
}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 5,
        # A server that vanished without a word is noticed in half a minute, not in the two hours of the system.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "prepare_threshold": 5 if env.bool("DOPPEL_DATABASE_PREPARE", True) else None,
        "pool": {
            "min_size": 1,
            "max_size": env.int("DOPPEL_DATABASE_POOL", 10),
            # In a burst connections are made one after the other; a page that waits is better than one that fails.
            "timeout": 10,
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 300,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}
CELERY_BROKER_URL = REDIS_URL
# A broker that vanished without a word is given up after seconds: by default a worker would listen to it for ever.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "analyse"
CELERY_TASK_ROUTES = {
    "dedupe.analyse": {"queue": "analyse"},
    "dedupe.receive": {"queue": "analyse"},
    "dedupe.make_renditions": {"queue": "renditions"},
    "dedupe.*": {"queue": "maintenance"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Around each task `board.celery` hands the connection back to the pool of its process. Celery's own way ends the pool,
# with its threads and connections, before and after every task, which takes longer than most of them do.
CELERY_DB_REUSE_MAX = 10**9
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
WORKER_NICE = env.int("DOPPEL_WORKER_NICE", 10)
CELERY_BEAT_SCHEDULE = {
    "ring again": {"task": "dedupe.ring_again", "schedule": 15.0, "options": {"expires": 15}},
    "sweep": {"task": "dedupe.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "patrol": {"task": "dedupe.patrol", "schedule": 120.0, "options": {"expires": 120}},
    "census": {"task": "dedupe.census", "schedule": 60.0, "options": {"expires": 60}},
}

MEDIA_ROOT = env.path("DOPPEL_MEDIA_ROOT", default=str(BASE_DIR / "var" / "media"))
STORAGE = env.str("DOPPEL_STORAGE", "filesystem")


def bucket_storage(folder: str, given: Mapping[str, str]) -> dict[str, Any]:
    """A folder of the S3 bucket that these variables describe, with short time limits on every call."""
    checksums = given.get("DOPPEL_S3_CHECKSUMS", "when_required")
    limits: dict[str, Any] = {
        "connect_timeout": 2,
        "read_timeout": 5,
        "retries": {"total_max_attempts": 3, "mode": "standard"},
        "signature_version": "s3v4",
        "s3": {"addressing_style": given.get("DOPPEL_S3_ADDRESSING_STYLE", "path")},
        "request_checksum_calculation": checksums,
        "response_checksum_validation": checksums,
    }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": given.get("DOPPEL_S3_BUCKET", "doppel"),
            "location": folder,
            "endpoint_url": given.get("DOPPEL_S3_ENDPOINT_URL") or None,
            "access_key": given.get("DOPPEL_S3_ACCESS_KEY_ID") or None,
            "secret_key": given.get("DOPPEL_S3_SECRET_ACCESS_KEY") or None,
            "region_name": given.get("DOPPEL_S3_REGION", "us-east-1"),
            "file_overwrite": False,
            "default_acl": None,
            "client_config": Config(**limits),
        },
    }


def origin_of_bucket(endpoint: str, options: Mapping[str, Any]) -> str:
    """The origin of a bucket's addresses, for a Content-Security-Policy."""
    parts = urlsplit(endpoint)
    of_its_own = options["client_config"].s3["addressing_style"] == "virtual"
    return (
        f"{parts.scheme}://{options['bucket_name']}.{parts.netloc}"
        if of_its_own
        else f"{parts.scheme}://{parts.netloc}"
    )


def folder_storage(name: str) -> dict[str, Any]:
    """A folder of the file system that only this account can read."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": Path(str(MEDIA_ROOT)) / name, "file_permissions_mode": 0o600},
    }


STORAGES = {
    name: bucket_storage(name, env.ENVIRON) if STORAGE == "s3" else folder_storage(name)
    for name in ("default", "originals", "renditions")
} | {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# The originals as browsers reach them: where this is set, they send their files there, past us.
DIRECT_ORIGINS: list[str] = []
if STORAGE == "s3" and (_public := env.str("DOPPEL_S3_PUBLIC_ENDPOINT_URL", "")):
    STORAGES["direct"] = bucket_storage("originals", {**env.ENVIRON, "DOPPEL_S3_ENDPOINT_URL": _public})
    DIRECT_ORIGINS = [origin_of_bucket(_public, STORAGES["direct"]["OPTIONS"])]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 << 20

AUTH_USER_MODEL = "board.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "gallery"
LOGOUT_REDIRECT_URL = "gallery"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
# Never by the name alone: then anybody could lock anybody out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "board.lockout.locked_out"
AXES_USERNAME_CALLABLE = "board.lockout.name_tried"
AXES_CLIENT_IP_CALLABLE = "board.callers.address_of"
AXES_VERBOSE = False
AXES_CLIENT_STR_CALLABLE = "board.watching.logs.nobody"

LIMITS_ON = env.bool("DOPPEL_LIMITS", True)
LIMITS = rates_from(env.ENVIRON)
QUOTAS = {
    "person": {
        "pictures": env.int("DOPPEL_QUOTA_PICTURES", 2_000),
        "size_bytes": env.int("DOPPEL_QUOTA_BYTES", 20 * 10**9),
    },
    "staff": {
        "pictures": env.int("DOPPEL_QUOTA_STAFF_PICTURES", 20_000),
        "size_bytes": env.int("DOPPEL_QUOTA_STAFF_BYTES", 200 * 10**9),
    },
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
FORMAT_MODULE_PATH = ["board.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "connect-src": [SELF, *DIRECT_ORIGINS],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# With this prefix browsers take a cookie only from this very host, over HTTPS, for the whole site.
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SECURE_HSTS_SECONDS = env.int("DOPPEL_HSTS_SECONDS", 31_536_000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and env.bool("DOPPEL_HTTPS_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
MESSAGE_STORAGE = "board.flash.MessageStorage"
X_FRAME_OPTIONS = "DENY"
# How many proxies of ours a request passes, each of which adds to X-Forwarded-For whom it was asked by.
PROXIES = env.int("DOPPEL_PROXIES", 1) if env.bool("DOPPEL_BEHIND_PROXY", False) else 0
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SILENCED_SYSTEM_CHECKS: list[str] = []
NINJA_PAGINATION_PER_PAGE = 50

DEDUPE = {
    name: cast(f"DOPPEL_{name.upper()}")
    for cast, names in (
        (env.int, ("candidate_distance", "phash_distance", "least_votes", "branch_limit", "shown_matches")),
        (env.int, ("verified_candidates", "probe_limit", "window_limit", "words_postings", "words_library")),
        (env.bool, ("window_route", "hash_route", "words_route", "embedding_routes", "turned")),
        (env.int, ("statement_timeout_ms", "lease_seconds", "max_attempts", "ring_again_seconds")),
        (env.int, ("answer_days", "retention_days", "orphan_grace_seconds", "full_size_days")),
        (env.int, ("claim_minutes",)),
        (env.int, ("storage_failures", "storage_pause_seconds")),
        (env.float, ("ask_probability", "confident_probability", "window_intensity", "window_aspect")),
        (env.float, ("sample_share", "expiring_share")),
        (env.int, ("presign_seconds", "fetch_seconds")),
    )
    for name in names
    if f"DOPPEL_{name.upper()}" in env.ENVIRON
} | {
    "embedders": env.str("DOPPEL_EMBEDDERS", "[]"),
    "upload_by_url": env.bool("DOPPEL_UPLOAD_BY_URL", True),
}

LOGGING = configuration(level=env.str("DOPPEL_LOG_LEVEL", "INFO"), as_json=PRODUCTION)
METRICS_TOKEN = env.str("DOPPEL_METRICS_TOKEN", "")
METRICS_NETWORKS = env.list("DOPPEL_METRICS_NETWORKS", default=[])
METRICS_FLUSH_SECONDS = env.float("DOPPEL_METRICS_FLUSH_SECONDS", 10)

if PRODUCTION:
    refuse_unsafe(
        secret_key=SECRET_KEY, debug=DEBUG, allowed_hosts=ALLOWED_HOSTS, storage=STORAGE, env=env.ENVIRON
    )
