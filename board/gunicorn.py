"""What gunicorn is told besides its command line: ``gunicorn --config python:board.gunicorn``. Its log is ours."""

import os

from board.watching.logs import configuration

logconfig_dict = configuration(
    level=os.environ.get("DOPPEL_LOG_LEVEL", "INFO"),
    as_json=os.environ.get("DOPPEL_ENV", "development") == "production",
)
errorlog = "-"
accesslog = None
