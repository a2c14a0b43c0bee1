#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every source and test is laid out as .clang-format says. Prints TAP; proves first, on a planted file, that it can fail.
# `check-format.sh --write' lays them out instead.

root=${top_srcdir:-$(dirname "$0")/..}
cd "$root" || exit 99

sources() { find src tests -name '*.[ch]' | LC_ALL=C sort; }

if ! command -v clang-format > /dev/null; then
	echo '1..0 # SKIP clang-format is not installed'
	exit 77
fi
if [ "$1" = --write ]; then
	sources | xargs clang-format -i
	exit
fi

echo 1..2
status=0
if printf 'int  x ;\n' | clang-format --style=file --dry-run --Werror > /dev/null 2>&1; then
	echo 'not ok 1 - format refuses a planted line'
	status=1
else
	echo 'ok 1 - format refuses a planted line'
fi
found=$(sources | xargs clang-format --style=file --dry-run --Werror 2>&1 | sed -n 's/: error: code should be.*//p' | head -20)
if [ -z "$found" ]; then
	echo 'ok 2 - every source is laid out as .clang-format says'
else
	echo "$found" | sed 's/^/# /'
	echo '# tests/check-format.sh --write mends it'
	echo 'not ok 2 - every source is laid out as .clang-format says'
	status=1
fi
exit $status
