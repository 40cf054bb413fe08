#!/bin/sh
# The compiled core under AddressSanitizer and UndefinedBehaviorSanitizer, with Python's
# debug allocator and development mode: builds a copy in a temporary folder and runs the
# core's tests there. Needs gcc or clang on Linux.
#
#     sh tests/sanitize.sh                 # tests/test_core*.py
#     sh tests/sanitize.sh tests/test_value.py ...
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python}
CC=${CC:-cc}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cp -R autograd nn tests pyproject.toml README.md "$WORK"
rm -f "$WORK"/autograd/core/_core*.so
INCLUDE=$("$PYTHON" -c "import sysconfig; print(sysconfig.get_paths()['include'])")
SUFFIX=$("$PYTHON" -c "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))")
cd "$WORK"
"$CC" -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
    -ffp-contract=off -fno-builtin -fno-math-errno -DAUTOGRAD_SANITIZED -shared -fPIC \
    -I"$INCLUDE" autograd/core/_core.c -o "autograd/core/_core$SUFFIX" -lm
[ $# -gt 0 ] || set -- tests/test_core*.py
# Python keeps memory until it ends, so leaks are the business of a test of its own.
LD_PRELOAD="$("$CC" -print-file-name=libasan.so) $("$CC" -print-file-name=libstdc++.so)" \
ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 PYTHONMALLOC=debug \
    "$PYTHON" -X dev -W "ignore::DeprecationWarning" -m pytest -q -p no:cacheprovider "$@"
