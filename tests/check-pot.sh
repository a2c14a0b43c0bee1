#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# po/POTFILES.in names every source with a marked string, and no other; every catalogue of LINGUAS is well formed.
# Prints TAP. `check-pot.sh --write' writes the list instead. Sentences that a language lacks are counted and named; they fail
# a release (MXLADDER_RELEASE=1), not a commit.

root=${top_srcdir:-$(dirname "$0")/..}
cd "$root" || exit 99

marked()
{
	grep -lE '^[^*]*(^|[^A-Za-z0-9_])(_|N_|NP_|C_|NC_|ngettext|pgettext)\(("|$)' $(find src -name '*.[ch]') /dev/null |
		grep -v '^src/base/i18n\.h$' | LC_ALL=C sort
}

# Counted sentences whose two forms are marked apart: a catalogue would have no plural of them.
marked_apart()
{
	awk '/msg_set_n\(/ { call = ""; at = FNR } at { call = call $0 }
		at && /;/ { if (call ~ /[^P]N_\(/) print FILENAME ":" at; at = 0 }' $(find src -name '*.c')
}

# What the sources say and the catalogue does not.
untranslated() # LANGUAGE
{
	xgettext $(sed -n '/^XGETTEXT_OPTIONS/,/[^\\]$/p' po/Makevars | sed 's/^XGETTEXT_OPTIONS = //; s/\\$//') \
		--files-from="$tmp/marked" -o "$tmp/all.pot" &&
		msgmerge --quiet --no-fuzzy-matching -o "$tmp/$1.po" "po/$1.po" "$tmp/all.pot" &&
		msgattrib --untranslated --no-obsolete "$tmp/$1.po" | sed -n 's/^msgid //p'
	msgattrib --only-fuzzy --no-obsolete "po/$1.po" | sed -n 's/^msgid /fuzzy /p'
}

if [ "$1" = --write ]; then
	{ sed '/^[^#]/d' po/POTFILES.in; marked; } > po/POTFILES.in.new && mv po/POTFILES.in.new po/POTFILES.in
	exit
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
langs=$(sed '/^#/d' po/LINGUAS)
echo "1..$((2 + 2 * $(echo $langs | wc -w)))"
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
marked_apart > "$tmp/apart"
if [ -s "$tmp/apart" ]; then
	sed 's/^/# NP_(one, many) is wanted at /' "$tmp/apart"
	echo 'not ok 2 - counted sentences have both forms in one mark'
	status=1
else
	echo 'ok 2 - counted sentences have both forms in one mark'
fi
i=2
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
	i=$((i + 1))
	if ! command -v xgettext > /dev/null; then
		echo "ok $i # SKIP xgettext is not installed"
	else
		untranslated "$lang" > "$tmp/out" 2>&1
		count=$(grep -c . "$tmp/out")
		sed 's/^/# /' "$tmp/out"
		if [ "$count" -eq 0 ] || [ -z "$MXLADDER_RELEASE" ]; then
			echo "ok $i - $lang.po leaves $count sentences untranslated"
		else
			echo "not ok $i - $lang.po leaves $count sentences untranslated"
			status=1
		fi
	fi
done
exit $status
