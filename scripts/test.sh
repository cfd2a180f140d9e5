#!/bin/sh
# All tests, each folder of `tests` in a process of its own, two at a time. What a folder printed is shown when it has ended; the
# last line says which failed. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

# The longest go first, so that none is left alone at the end.
folders() {
    { printf 'tests/%s\n' journeys wire counter drills; find tests -name 'test_*.py' | cut -d / -f 1,2 | sort; } | awk '!seen[$0]++'
}

said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
export said
folders | xargs -P 2 -I '{}' sh -c '
    folder=$1; shift
    told="$said/$(basename "$folder")"
    .venv/bin/python -m pytest "$folder" "$@" >"$told" 2>&1 || echo "$folder" >>"$said/failed"
    echo "$folder"; cat "$told"
' each '{}' "$@"
[ ! -s "$said/failed" ] || { echo "failed:" $(cat "$said/failed") >&2; exit 1; }
