#!/bin/sh
# All tests, in three processes: two Django projects cannot share one. Fails if any fails; each run prints its closing line.
cd "$(dirname "$0")/.." || exit 2
status=0
for tests in tests tests/registry tests/counter; do
    .venv/bin/python -m pytest "$tests" "$@" || status=1
done
exit $status
