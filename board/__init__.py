"""The site: a Django project and the image board on it."""

from board.celery import app as celery_app

__all__ = ["celery_app"]
