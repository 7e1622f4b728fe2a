"""Benchmarks start databases and servers of their own: SQLite, whatever the tests run on."""

import os

collect_ignore_glob = ["test_*.py"] if os.environ.get("TEST_DATABASE") == "postgres" else []
