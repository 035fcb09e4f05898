"""Where a sentence for the next page is kept meanwhile: in a cookie of this very host, or else in the session."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name that makes browsers insist on HTTPS in production, when it is taken away too."""

    cookie_name = "__Host-messages" if settings.PRODUCTION else "messages"


class MessageStorage(FallbackStorage):
    """Django's usual choice with that cookie."""

    storage_classes = (HostCookieStorage, SessionStorage)
