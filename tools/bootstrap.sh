#!/bin/sh
# Makes .venv with the locked packages and the project itself, editable. Needs Python 3.11 or later and nothing else.
set -eu
python="${PYTHON:-python3}"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    for candidate in python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1; then python="$candidate"; break; fi
    done
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed." >&2; exit 1; }
if [ ! -x .venv/bin/python ]; then
    "$python" -m venv .venv || { echo "The venv module is missing (on Debian: apt-get install python3-venv)." >&2; exit 1; }
fi
if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    uv=.venv/bin/uv
fi
"$uv" pip install --quiet --python .venv --require-hashes -r requirements.lock
"$uv" pip install --quiet --python .venv --no-deps -e .
