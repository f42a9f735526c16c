#!/bin/sh
# Makes the virtual environment .venv from Python 3.11 or newer, and puts pip and uv in it. The system's own Python goes
# first: it is compiled with profiles of real work, which version managers leave out, and takes a quarter less time for all we do.
set -eu
environment=.venv/bin/python
candidates=${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}
whole='import sqlite3, ssl, sys, venv; sys.exit(sys.version_info < (3, 11))'
brings_pip='import ensurepip'
installs_for_others='import pip, sys; sys.exit(int(pip.__version__.split(".")[0]) < 23)'

say() {
    echo "$1"
    exit 3
}

can() {
    "$1" -c "$2" 2>/dev/null
}

first_that_can() {
    for candidate in $candidates; do
        if can "$candidate" "$1"; then
            echo "$candidate"
            return
        fi
    done
}

install_with() {
    "$@" install --disable-pip-version-check --require-hashes -r setup/installers.lock
}

make_environment() {
    python=$(first_that_can "$whole")
    [ -n "$python" ] || say "Contact Hub needs Python 3.11 or newer: install it (Debian, Ubuntu: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python3.11"
    if can "$python" "$brings_pip"; then
        "$python" -m venv --clear .venv
        return
    fi
    lender=$(first_that_can "$installs_for_others") # Debian has pip apart from Python: that of another Python does as well
    [ -n "$lender" ] || say "$python lacks its venv module: install it (Debian, Ubuntu: apt-get install python3-venv) and run make again."
    "$python" -m venv --clear --without-pip .venv
    install_with "$lender" -m pip --python "$environment"
}

can "$environment" "$whole" && "$environment" -m pip --version || make_environment
install_with "$environment" -m pip
