"""Whether the web process of this container answers: exit status 0 or 1, for the container's health check."""

import http.client
import os
import sys


def main() -> int:
    """Ask as a visitor of the first allowed host would; other names are refused before anything is looked at."""
    host = os.environ.get("DOPPEL_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
