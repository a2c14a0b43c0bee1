#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# po/POTFILES.in names every source with a marked string, and no other; every catalogue of LINGUAS is well formed.
# Prints TAP. `check-pot.sh --write' writes the list instead.

root=${top_srcdir:-$(dirname "$0")/..}
cd "$root" || exit 99

marked()
{
	grep -lE '^[^*]*(^|[^A-Za-z0-9_])(_|N_|NP_|C_|NC_|ngettext|pgettext)\(("|$)' $(find src -name '*.[ch]') /dev/null |
		grep -v '^src/base/i18n\.h$' | LC_ALL=C sort
}

if [ "$1" = --write ]; then
	{ sed '/^[^#]/d' po/POTFILES.in; marked; } > po/POTFILES.in.new && mv po/POTFILES.in.new po/POTFILES.in
	exit
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
langs=$(sed '/^#/d' po/LINGUAS)
echo "1..$((1 + $(echo $langs | wc -w)))"
status=0
marked > "$tmp/marked"
sed '/^#/d; /^$/d' po/POTFILES.in | LC_ALL=C sort > "$tmp/listed"
if diff "$tmp/listed" "$tmp/marked" > "$tmp/diff"; then
	echo 'ok 1 - POTFILES.in is complete'
else
	sed 's/^/# /' "$tmp/diff"
	echo '# tests/check-pot.sh --write mends it'
	echo 'not ok 1 - POTFILES.in is complete'
	status=1
fi
i=1
for lang in $langs; do
	i=$((i + 1))
	if ! command -v msgfmt > /dev/null; then
		echo "ok $i # SKIP msgfmt is not installed"
	elif msgfmt --check -o /dev/null "po/$lang.po" 2> "$tmp/out"; then
		echo "ok $i - $lang.po is well formed"
	else
		sed 's/^/# /' "$tmp/out"
		echo "not ok $i - $lang.po is well formed"
		status=1
	fi
done
exit $status
