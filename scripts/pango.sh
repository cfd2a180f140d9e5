#!/bin/sh
# Invoices are set with Pango, in the font that comes with it: the system's, or else Debian's when root may install it.
# Without it everything but invoices works, so that its absence is said and does not stop the set-up.
set -eu

wanted="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
found() {
    ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0\.so\.0' && ldconfig -p | grep -q 'libharfbuzz-subset\.so\.0' &&
        find /usr/share/fonts /usr/local/share/fonts -name 'DejaVuSans.ttf' 2>/dev/null | grep -q .
}
if found; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
    exit 0
fi
echo "Invoices, and their tests, need Pango: install it (Debian: sudo apt-get install $wanted)." >&2
