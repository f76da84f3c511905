#!/usr/bin/env bash
# Builds every function as a zip that Lambda takes: target/lambda/<function>/bootstrap.zip.
#
#     infra/build.sh                what the template deploys by default, arm64
#     infra/build.sh --x86-64       the same for Intel and AMD
#
# Needs Rust and Python 3; cargo-lambda and zig come from PyPI, pinned, into target/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

architecture=${1:---arm64}
case $architecture in
    # Provided by Amazon Linux 2023: glibc 2.34.
    --arm64) target=aarch64-unknown-linux-gnu ;;
    --x86-64) target=x86_64-unknown-linux-gnu ;;
    *) echo "infra/build.sh takes --arm64 or --x86-64, not $architecture" >&2; exit 2 ;;
esac

built=${CARGO_TARGET_DIR:-target}
venv=$built/lambda-tools
if ! cmp --silent infra/build-requirements.txt "$venv/requirements.txt"; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r infra/build-requirements.txt
    cp infra/build-requirements.txt "$venv/requirements.txt"
fi
# The standard library for the other architecture.
if [[ $target != $(rustc -vV | sed -n 's/^host: //p') ]]; then
    rustup target add "$target"
fi

# Both packages at once: one choice of features, and nothing is compiled twice.
PATH=$PWD/$venv/bin:$PATH
[[ $built = /* ]] && PATH=$venv/bin:$PATH
cargo lambda build --release "$architecture" --output-format zip --locked \
    -p functions -p rebuild-timelines --bins
