#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The README's pictures are the first rows of the screens as they are drawn.
top=${top_srcdir:-.}
n=0
bad=0
look() {
	n=$((n + 1))
	rows=$(grep -n "^    $1" "$top/README" | head -n 1 | cut -d: -f1)
	if [ -n "$rows" ] && tail -n "+$rows" "$top/README" | awk -v golden="$top/tests/golden/$2" '
		!/^    / { exit }
		{ seen++; if ((getline drawn < golden) <= 0 || "    " drawn != $0) { print "# README: " $0; print "# drawn:      " drawn; exit 1 } }
		END { if (seen < 5) exit 1 }'; then
		echo "ok $n - the README shows $2"
	else
		bad=1
		echo "not ok $n - the README shows $2"
	fi
}

look ' exempel.com ▏HELD' ladder-100x30.en.text
look ' exempel.com ▏REVIEW' review-100x30.en.text
look ' exempel.com ▏WHAT IF' simulate-100x30.en.text
echo "1..$n"
exit $bad
