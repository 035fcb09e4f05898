"""The stranger's project."""

from catalogue.celery import app

__all__ = ["app"]
