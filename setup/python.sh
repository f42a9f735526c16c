#!/bin/sh
# Makes the virtual environment .venv from Python 3.11 or newer, and puts uv in it.
set -eu
environment=.venv/bin/python
recent_enough='import sys; sys.exit(sys.version_info < (3, 11))'

say() {
    echo "$1"
    exit 3
}

runs_recent_python() {
    "$1" -c "$recent_enough" 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if runs_recent_python "$candidate"; then
            echo "$candidate"
            return
        fi
    done
}

make_environment() {
    python=$(find_python)
    [ -n "$python" ] || say "Contact Hub needs Python 3.11 or newer: install it (Debian, Ubuntu: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3.11"
    "$python" -c 'import venv, ensurepip' ||
        say "$python lacks its venv module: install it (Debian, Ubuntu: apt-get install python3-venv) and run make again."
    "$python" -m venv --clear .venv
}

runs_recent_python "$environment" && "$environment" -m pip --version || make_environment
"$environment" -m pip install --disable-pip-version-check --require-hashes -r setup/uv.lock
