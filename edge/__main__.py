"""The command line: `python -m edge COMMAND`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from edge import simulate


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command that the words name; the exit code."""
    parser = argparse.ArgumentParser(prog="edge", description=__doc__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in {"simulate": simulate}.items():
        added = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        command.add_arguments(added)
        added.set_defaults(run=command.run)
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
