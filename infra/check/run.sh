#!/usr/bin/env bash
# Checks the template: its form, its security, and that it agrees with the code.
# Needs Python 3.10 or newer with PyPI, and a Rust toolchain. Calls nothing in AWS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

TOOLS=target/infra-check
# Neither tool is to call home, or to look for an account.
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export BC_SKIP_MAPPING=TRUE

# checkov and sam want different versions of the same packages: each has an environment of its own.
environment() {
    local folder="$TOOLS/$1" requirements="infra/check/requirements-$1.txt"
    if ! cmp -s "$requirements" "$folder/installed"; then
        rm -rf "$folder"
        python3 -m venv "$folder"
        "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
        cp "$requirements" "$folder/installed"
    fi
}
environment lint
environment checkov

"$TOOLS/lint/bin/cfn-lint" infra/template.yaml
"$TOOLS/lint/bin/sam" validate --lint --template infra/template.yaml
"$TOOLS/checkov/bin/checkov" --file infra/template.yaml --framework cloudformation secrets \
    --compact --quiet --skip-download

# The real sample through the real functions, for the files that Glue describes.
rm -rf "$TOOLS/sample"
cargo run --locked --quiet --package local-stack -- --once --data "$TOOLS/sample" >"$TOOLS/sample.log"
SAMPLE="$TOOLS/sample" "$TOOLS/lint/bin/python" -m pytest --quiet -p no:cacheprovider infra/check
