"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from board import health
from board.api import api
from board.watching import page

urlpatterns = [
    path("", include("board.pages.urls")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", page.metrics, name="metrics"),
]
handler500 = "board.watching.faults.fault"
