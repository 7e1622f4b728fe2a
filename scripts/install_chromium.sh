#!/bin/sh
# Makes sure that the browser tests find a Chromium: as root from the system's packages, otherwise says what to do.
set -eu

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

advice="Install Chromium or Google Chrome (Debian: apt-get install chromium), then run this again."
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need Chromium and there is none on the PATH. $advice" >&2
    exit 1
fi

echo "Installing Chromium for the browser tests ..."
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null; then
    echo "Chromium could not be installed. $advice" >&2
    exit 1
fi
