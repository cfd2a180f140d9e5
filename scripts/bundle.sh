#!/bin/sh
# The scripts of the pages that need libraries of npm, each in one file beside the other static ones. Versions and integrity are locked.
set -eu
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
    else
        echo "The pages' scripts are bundled with npm: install Node.js 18 or later with npm, then run this again." >&2
        exit 1
    fi
fi
npm ci --silent
node_modules/.bin/esbuild src/sceau/core/web/scripts/box.js --bundle --minify --format=esm --target=es2022 --log-level=warning \
    --outfile=src/sceau/core/web/static/sceau/box.js
# Whitenoise sends these to whoever takes them: a third of the bytes, on the way to a telephone.
find src/sceau -path '*/static/*' \( -name '*.js' -o -name '*.css' \) -exec gzip --best --no-name --keep --force {} +
