#!/bin/sh
# Makes .venv and installs the pinned, hash-checked requirements: `install.sh base` or `install.sh dev`.
# Needs Python >= 3.11 with venv and pip, nothing else. Quick when nothing changed since the last time.
set -eu

which_pins="${1:?base or dev}"
root="$(cd "$(dirname "$0")/.." && pwd)"
venv="${VENV:-$root/.venv}"
pins="$root/requirements"
stamp="$venv/.foretrack-$which_pins"

usable() {
    "$1" -c 'import ensurepip, sys, venv; raise SystemExit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$name" >/dev/null 2>&1 && usable "$name"; then
            echo "$name"
            return
        fi
    done
    echo "No Python 3.11 or newer with venv and pip was found." >&2
    echo "To do: install one (Debian and Ubuntu: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3" >&2
    exit 1
}

# One line that changes whenever something that we install changes, or the checkout has moved.
fingerprint() {
    { cat "$pins"/*.txt "$root/pyproject.toml" "$0"; echo "$root"; } | cksum
}

if [ -x "$venv/bin/foretrack" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ]; then
    exit 0
fi
# The development pins hold everything of the base pins.
if [ "$which_pins" = base ] && [ -f "$venv/.foretrack-dev" ] && [ "$(cat "$venv/.foretrack-dev")" = "$(fingerprint)" ]; then
    exit 0
fi

if ! [ -x "$venv/bin/python" ] || ! usable "$venv/bin/python"; then
    python="$(find_python)"
    echo "Making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi
bin="$venv/bin"

# A mirror that pip is told of (pip.conf, PIP_INDEX_URL) holds for uv too, unless uv was told otherwise.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    mirror="${PIP_INDEX_URL:-$("$bin/python" -m pip config get global.index-url 2>/dev/null || true)}"
    if [ -n "$mirror" ]; then
        UV_DEFAULT_INDEX="$mirror"
        export UV_DEFAULT_INDEX
    fi
fi

install() {
    "$bin/uv" pip install --quiet --python "$bin/python" "$@"
}

echo "Installing the pinned requirements ($which_pins)"
"$bin/python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$pins/bootstrap.txt"
# Compiled once here, or every start pays for it where PYTHONDONTWRITEBYTECODE is set.
install --compile-bytecode --require-hashes -r "$pins/build.txt" -r "$pins/$which_pins.txt"
install --no-deps --no-build-isolation --editable "$root"
"$bin/python" -m compileall -q "$root/src" || true
fingerprint > "$stamp"
