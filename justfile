# The project's commands. `.ci/run` runs them one after the other, and needs no `just`: it fetches one.
# Without an installed one, `pipx install rust-just` or `cargo install just`.

# Lists the recipes
_default:
    @{{ just_executable() }} --list --unsorted

# Runs the demo: all of Trueline on this machine, with the real sample (`just demo --help` lists options)
demo *arguments:
    cargo run --locked -- {{ arguments }}

# Checks all that must hold before a change lands; about half an hour
check:
    .ci/run

# Checks the form of the code (`cargo fmt --all` puts it right)
format:
    cargo fmt --all --check

# Checks what we depend on: number of crates, bans, licences, sources
deny:
    infra/check/crates.sh

# Asks the RustSec database, which it fetches from GitHub, about what we depend on
advisories:
    infra/check/crates.sh advisories

# Runs all tests (`just test late_hold` those whose names contain it)
test *filter:
    cargo test --workspace --locked {{ filter }}

# Runs the proofs in their long form: 38 000 deliveries instead of 10 000, every bit of an archive flipped, lines of 1 GiB
proofs $LONG_PROOFS="1":
    cargo test --workspace --locked --test whole
    cargo test --workspace --locked --test rebuild damage
    cargo test --workspace --locked --test rebuild long_lines

# Opens the pages in Chromium and compares them with the tables
browser:
    tests/browser/run.sh

# Checks the template: its form, its security, and that it agrees with the code
template:
    infra/check/run.sh

# Runs clippy; what it says is an error
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Builds the documentation; a broken link is an error
docs $RUSTDOCFLAGS="-D warnings":
    cargo doc --workspace --no-deps --locked

# Builds each function as a zip that Lambda takes (`just zips --arm64` for Graviton)
zips architecture="--x86-64":
    infra/build.sh {{ architecture }}

# Deploys template and zips to a stand-in for AWS on loopback, and uses them
deployed:
    tests/deployed/run.sh

# Measures what BENCHMARKS.md reports: the rebuild against DuckDB, what a webhook costs, a function's own time
bench:
    batch/benches/run.sh
    cargo bench --locked -p end-to-end --bench cost --profile dev
    cargo bench --locked -p functions --bench handler

# Feeds random bytes to the reader of webhooks and to the proof of their signatures; needs nightly
[working-directory('shared/webhook')]
fuzz minutes="1":
    rustup toolchain list | grep --quiet ^nightly || rustup toolchain install nightly --profile minimal
    @just="{{ just_executable() }}" && "$just" _fuzz webhook $(({{ minutes }} * 45)) \
        && "$just" _fuzz signature $(({{ minutes }} * 15))

[working-directory('shared/webhook')]
_fuzz target seconds:
    PATH="$('{{ justfile_directory() }}/infra/check/tools.sh'):$PATH" \
        cargo +nightly fuzz run {{ target }} -- -max_total_time={{ seconds }}
