#!/usr/bin/env bash
# Fetches the libraries that the report holds from npm, in the versions named here.
set -euo pipefail
cd "$(dirname "$0")"

D3=7.9.2
PLOT=0.6.17

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
npm install --silent --no-save --prefix "$folder" "d3@$D3" "@observablehq/plot@$PLOT"
modules="$folder/node_modules"
cp "$modules/d3/dist/d3.min.js" d3.min.js
cp "$modules/d3/LICENSE" LICENSE-d3
cp "$modules/@observablehq/plot/dist/plot.umd.min.js" plot.umd.min.js
cp "$modules/@observablehq/plot/LICENSE" LICENSE-plot
sha256sum ./*.js
