"""The command line of `script/server`."""

import argparse
import sys
from pathlib import Path

from script.supervisor.errors import RunError
from script.supervisor.places import ROOT, Places
from script.supervisor.running import Run, explain
from script.supervisor.terminal import complain


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/server",
        description="Run the whole site on this machine: database, broker, web and worker.",
    )
    parser.add_argument("--demo", action="store_true", help="fill an empty board with pictures and accounts")
    parser.add_argument("--port", type=int, default=8000, help="port of the pages (8000; 0: any free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--var", type=Path, default=ROOT / "var", help="folder of data and logs (var)")
    return parser.parse_args()


def main() -> int:
    """Run until told to stop; 0 when it was a calm end."""
    arguments = _arguments()
    try:
        Run(Places.create(arguments.var), arguments.host, arguments.port, arguments.demo).to_the_end()
    except RunError as failure:
        for line in explain(failure):
            complain(line)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
