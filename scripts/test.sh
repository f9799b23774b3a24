#!/usr/bin/env bash
# All checks and all tests, as CI runs them.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/tools.sh
export PATH="$PWD/.tools/bin:$PATH"
# The comparisons with the reference run where this names it.
export CROM_ORACLE="$PWD/.tools/venv/bin/conan"
# So do the tests against the reference's server.
export CROM_CONAN_SERVER="$PWD/.tools/server/bin/python"
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
cargo test --workspace --locked
# The server once more: two nodes over one PostgreSQL and one bucket.
.tools/stores/bin/python scripts/with_stores.py cargo test --package crom-server --locked
