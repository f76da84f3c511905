#!/usr/bin/env bash
# Installs what requirements-tools.txt pins, unless it is there, and prints the folder of its programs.
#
#     PATH=$(infra/check/tools.sh):$PATH
#
# In the user's cache folder, one for each set of versions: all checkouts share it, and a clean one
# has it at hand. Needs Python 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

read -r sum _ < <(cksum requirements-tools.txt)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/trueline/tools-$sum
if [[ ! -f $folder/installed ]]; then
    python3 -m venv --clear "$folder" >&2
    "$folder/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
        -r requirements-tools.txt >&2
    touch "$folder/installed"
fi
echo "$folder/bin"
