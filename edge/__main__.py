"""The command line: `python -m edge COMMAND`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from edge import draw, simulate
from edge.agent import command, status


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command that the words name; the exit code."""
    parser = argparse.ArgumentParser(prog="edge", description=__doc__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    modules = {"simulate": simulate, "draw": draw, "agent": command, "status": status}
    for name, module in modules.items():
        added = commands.add_parser(name, help=module.__doc__, description=module.__doc__)
        module.add_arguments(added)
        added.set_defaults(run=module.run)
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
