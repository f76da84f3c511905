#!/usr/bin/env bash
# The template and the real functions, deployed to ministack on loopback; see test_deployed.py.
#
#     tests/deployed/run.sh
#
# Needs Rust and Python 3.11. Builds what is missing; everything else comes from PyPI, pinned.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

built=${CARGO_TARGET_DIR:-target}
venv=$built/deployed-venv
if ! cmp --silent tests/deployed/requirements.txt "$venv/requirements.txt"; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/deployed/requirements.txt
    cp tests/deployed/requirements.txt "$venv/requirements.txt"
fi
infra/build.sh --x86-64
# With the whole workspace, whose features the tests have been compiled with.
cargo build --quiet --locked --workspace --bin generate-archive

LAMBDA_DIR=$built/lambda GENERATE_ARCHIVE=$built/debug/generate-archive \
    "$venv/bin/python" -m unittest discover --verbose --start-directory tests/deployed
