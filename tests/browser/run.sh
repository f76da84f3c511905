#!/usr/bin/env bash
# Opens the pages in Debian's Chromium and compares them with the tables.
# Needs Node 20 or newer, and Chromium, which it installs where apt-get can.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v chromium >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
cargo build --locked --quiet --workspace
npm ci --silent
npm test
