"""`python -m bench [NAME …]`: runs benchmarks, prints their table, keeps it as JSON."""

import argparse
import signal
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from bench import environment, table
from bench.catalogue import CATALOGUE, module_of
from bench.harness import FULL, TINY, Outcome


def main() -> int:
    """0 when every "must" is reached."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the servers too
    if options.markdown:
        print(table.markdown(table.read(options.output)))
        return 0
    measured = {}
    environment.HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=environment.HOME, prefix="run-") as folder:
        environment.prepare(Path(folder) / "template.sqlite3")
        for name in options.names or CATALOGUE:
            print(f"{name} …", file=sys.stderr, flush=True)
            outcome = _run(name, Path(folder) / name, is_tiny=options.tiny)
            measured[name] = table.record(CATALOGUE[name], outcome)
            table.keep(options.output, measured)  # each at once: what follows may fail
    print(table.plain(measured))
    return 0 if options.tiny or all(each["must_reached"] for each in measured.values()) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"of {', '.join(CATALOGUE)} (default: all)")
    add("--markdown", action="store_true", help="print the last results for README; run nothing")
    add("--tiny", action="store_true", help="only show that everything runs; figures mean nothing")
    add("--output", type=Path, default=environment.HOME / "results.json", help="(%(default)s)")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(CATALOGUE)):
        parser.error(f"There is no benchmark {unknown[0]!r}.")
    return options


def _run(name: str, folder: Path, *, is_tiny: bool) -> Outcome:
    """Imported only now: the benchmarks meet Django, which `prepare` has started."""
    folder.mkdir()
    outcome: Outcome = import_module(module_of(name)).run(folder, TINY if is_tiny else FULL)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
