#!/bin/bash
# All tests on SQLite, and beside them on PostgreSQL, which has its say afterwards. Arguments go to pytest.
set -u
cd "$(dirname "$0")/.."
pytest=(.venv/bin/python -m pytest)
# What starts a database of its own runs on SQLite alone; so does what meets none (tests/conftest.py).
on_postgres="not browser and not edge and not plainpath"
none_chosen=5 # pytest's exit code

mkdir -p var
TEST_DATABASE=postgres "${pytest[@]}" -m "$on_postgres" "$@" >var/test-postgres.log 2>&1 &
other=$!
trap 'kill $other 2>/dev/null; wait $other' EXIT
trap 'exit 130' INT TERM

TEST_DATABASE=sqlite "${pytest[@]}" "$@"
sqlite=$?
wait $other
postgres=$?
cat var/test-postgres.log
[ $# = 0 ] || [ $postgres != $none_chosen ] || postgres=0
[ $sqlite = 0 ] && [ $postgres = 0 ]
