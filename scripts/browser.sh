#!/bin/sh
# The journeys need a Chromium: the system's, or else Debian's when root may install it.
set -eu

if command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "The tests in a browser need Chromium: install it (Debian: sudo apt-get install chromium), then run this again." >&2
exit 1
