#!/bin/sh
# Everything that CI asks of the code, in the order in which it is quickest to hear of a fault; then all tests.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

# What a Django project needs to be loaded; nothing connects to anything.
service() {
    name=$1
    shift
    env SECRET_KEY=check DATABASE_URL=postgresql://nobody@127.0.0.1:1/none \
        DJANGO_SETTINGS_MODULE="sceau.$name.config.settings" "$@"
}

$bin/ruff format --check --quiet || { echo "not formatted: run $bin/ruff format" >&2; exit 1; }
$bin/ruff check --quiet
$bin/lint-imports --no-logo
$bin/python scripts/translations.py check

# The types of Django's models are those of one project; each run leaves the other project's own code out.
service counter $bin/mypy --cache-dir .mypy_cache/counter --exclude '/registry/' &
counter=$!
service registry $bin/mypy --cache-dir .mypy_cache/registry --exclude '/counter/'
wait $counter

for name in counter registry; do
    service $name $bin/python scripts/migrations.py
done

sh scripts/test.sh
