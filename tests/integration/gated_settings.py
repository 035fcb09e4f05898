"""The site's own settings, with gates at the steps of its work (``tests.integration.gates``)."""

from board.settings import *  # noqa: F403
from board.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.integration.gates.apps.GatesConfig"]
