#!/usr/bin/env bash
# Judges the crates in Cargo.lock: how many they are, and what deny.toml says of them.
#
#     infra/check/crates.sh                   number, bans, licenses, sources
#     ADVISORIES=1 infra/check/crates.sh      these, and the RustSec advisories, fetched from GitHub
#     infra/check/crates.sh advisories        the advisories alone
#
# Needs a Rust toolchain, Python 3 with PyPI, and crates.io.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# From crates.io, for all platforms. Every crate is code that runs as ours, and most of the build
# time: whoever needs more writes the new number here, and why into the commit.
most=447

if (($# > 0)); then
    checks=("$@")
else
    checks=(bans licenses sources)
    count=$(grep -c '^source = ' Cargo.lock)
    if ((count > most)); then
        echo "Cargo.lock has $count crates from crates.io, and infra/check/crates.sh allows $most." >&2
        echo "'git diff Cargo.lock' says which are new, 'cargo tree --invert CRATE' who wants one." >&2
        exit 1
    fi
    echo "$count crates from crates.io, at most $most"
    ((count == most)) || echo "fewer than allowed: write $count into infra/check/crates.sh"

    case ${ADVISORIES:-0} in
        0) echo "advisories: not asked for; ADVISORIES=1 fetches them from GitHub" ;;
        1) checks+=(advisories) ;;
        *) echo "ADVISORIES is 0 or 1, not $ADVISORIES" >&2; exit 2 ;;
    esac
fi

tools=$(infra/check/tools.sh)
# An entry in a list that nothing matches is stale.
PATH=$tools:$PATH cargo deny --locked check \
    --deny unmatched-skip --deny advisory-not-detected "${checks[@]}"
