#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The floors on the objects: what an object takes from another floor must lie below it, however the declaration came in.
# Prints TAP; proves first, on a planted list of symbols, that it can fail.

# floor:the floors that its objects may take from. Of a floor that is named file by file, only these objects may.
floors='
base:base
core:core base
check:check core base
sim:sim core base
wire:wire core base
provider:provider wire core base
io:io wire core base
app:app io provider wire sim check core base
show:show app sim check core base
tui:tui show app sim check core base
cli:cli show app sim check core base
main:cli io base
tui/tui.o:io wire
cli/cmd_tui.o:tui
cli/cmd_list.o:provider tui io
cli/cmd_draft.o:wire
cli/manual_config.o:provider io
'
# What app.h shows of the floors below it to the two front ends: configuration, store, loop, providers, the zone world.
passed=' config_ store_ loop_ dns_endpoint_ provider_ zoneworld_ '

breaches() # lines "OBJECT KIND SYMBOL", KIND D (defined) or U (taken): one line a breach
{
	awk -v floors="$floors" -v passed="$passed" '
	function load(    n, lines, i, at) {
		n = split(floors, lines, "\n")
		for (i = 1; i <= n; i++) {
			at = index(lines[i], ":")
			if (at)
				may[substr(lines[i], 1, at - 1)] = " " substr(lines[i], at + 1) " "
		}
	}
	function floor(object) {
		sub(/\/.*/, "", object)
		sub(/\.o$/, "", object)
		return object
	}
	function through(symbol,    n, words, i) {
		n = split(passed, words, " ")
		for (i = 1; i <= n; i++)
			if (index(symbol, words[i]) == 1)
				return 1
		return 0
	}
	BEGIN { load() }
	$2 == "D" { home[$3] = floor($1); next }
	{ object[++taken] = $1; symbol[taken] = $3 }
	END {
		for (i = 1; i <= taken; i++) {
			from = floor(object[i])
			to = home[symbol[i]]
			if (to == "" || index(may[from] may[object[i]], " " to " "))
				continue
			if (from == "check" && to == "sim" && symbol[i] ~ /^senders?(_name|_title)?$/)
				continue # the table of senders, not their walk
			if ((from == "show" || from == "tui" || from == "cli") && through(symbol[i]))
				continue
			print object[i] " takes " symbol[i] " from " to
		}
	}' | LC_ALL=C sort -u
}

symbols() # DIRECTORY: of every object below it; one that a source left behind when it moved says nothing
{
	(cd "$1" && find . -name '*.o' | sed 's|^\./||' | LC_ALL=C sort | while read -r object; do
		[ -f "$sources/${object%.o}.c" ] || [ -f "${object%.o}.c" ] || continue
		nm -g "$object" | sed -n -e "s|^[0-9a-f]* [TDBRVW] |$object D |p" -e "s|^ *[Uw] |$object U |p"
	done)
}

echo 1..2
status=0
planted=$(printf '%s\n' 'core/a.o D a' 'io/b.o D b' 'tui/c.o D c' 'core/a.o U b' 'cli/d.o U c' 'cli/cmd_tui.o U c' 'io/b.o U a' | breaches)
if [ "$planted" = 'cli/d.o takes c from tui
core/a.o takes b from io' ]; then
	echo 'ok 1 - objects refuse planted breaches'
else
	echo "$planted" | sed 's/^/# /'
	echo 'not ok 1 - objects refuse planted breaches'
	status=1
fi
objects=${top_builddir:-$(dirname "$0")/../_build}/src
sources=$(cd "${top_srcdir:-$(dirname "$0")/..}/src" && pwd)
found=$(symbols "$objects" | breaches)
if [ -n "$(find "$objects" -name '*.o' | head -1)" ] && [ -z "$found" ]; then
	echo 'ok 2 - every object takes from its floor and those below'
else
	[ -d "$objects" ] || echo "# $objects is not there: build, or name the build's folder in top_builddir"
	echo "$found" | sed '/^$/d; s/^/# /'
	echo 'not ok 2 - every object takes from its floor and those below'
	status=1
fi
exit $status
