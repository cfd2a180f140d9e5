#!/bin/sh
# All tests, each folder of `tests` in a process of its own, two at a time. What a folder printed is shown when it has ended;
# the last lines say which failed. Arguments go to pytest.
cd "$(dirname "$0")/.." || exit 2
LONGEST="journeys wire counter drills"

folders() {
    for name in $LONGEST $(ls tests); do
        ls "tests/$name"/test_*.py "tests/$name"/*/test_*.py >/dev/null 2>&1 && echo "tests/$name"
    done | awk '!seen[$0]++'
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
