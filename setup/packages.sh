#!/bin/sh
# Installs exactly what requirements.lock names, and Contact Hub itself, editable. Where uv finds no way to the package
# index (it reads no pip configuration), pip does the same, slower.
set -eu
python=.venv/bin/python

with_uv() {
    "$python" -m uv pip install --python "$python" --require-hashes --requirements requirements.lock &&
        "$python" -m uv pip install --python "$python" --no-deps --no-build-isolation --editable .
}

with_pip() {
    "$python" -m pip install --disable-pip-version-check --require-hashes -r requirements.lock &&
        "$python" -m pip install --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

if with_uv || with_pip; then
    exit 0
fi
if ! "$python" -m pip download --quiet --no-deps --dest var/reachable --require-hashes -r setup/installers.lock; then
    echo "The Python package index cannot be reached: check the network, or pip's configuration, and run make again."
    exit 3
fi
exit 1
