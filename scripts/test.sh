#!/bin/sh
# All tests, each folder of `tests` in a process of its own, LANES at a time. What a folder printed is shown when it has ended; the
# last line says which failed. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

# One more than there are cores: those who start processes and drive a browser wait for half of their time.
lanes=${LANES:-$(($(nproc) + 1))}

# The longest go first, so that none is left alone at the end.
folders() {
    { printf 'tests/%s\n' journeys drills wire registry counter core; find tests -name 'test_*.py' | cut -d / -f 1,2 | sort; } | awk '!seen[$0]++'
}

said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
export said
folders | xargs -P "$lanes" -I '{}' sh -c '
    folder=$1; shift
    told="$said/$(basename "$folder")"
    .venv/bin/python -m pytest "$folder" "$@" >"$told" 2>&1 || echo "$folder" >>"$said/failed"
    echo "$folder"; cat "$told"
' each '{}' "$@"
[ ! -s "$said/failed" ] || { echo "failed:" $(cat "$said/failed") >&2; exit 1; }
