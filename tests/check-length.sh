#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sizes that keep ideas apart: a function at most 70 lines and 5 parameters, a file at most 450 lines, a test 600 (its tables have a row a line).
# A vendor, a name in VENDORS of src/provider/vendor.h, says at its head why where it has over 200 lines.
# Prints TAP; proves first, on planted files, that it can fail. A function is what begins with `{' or `) {' at the
# margin's definition and ends with `}' in the first column.

breaches() # FILE...: one line a breach
{
	awk '
	function count(text,    i, c, depth, n, any) {
		n = 0
		for (i = index(text, "("); i <= length(text); i++) {
			c = substr(text, i, 1)
			if (c == "(")
				depth++
			else if (c == ")") {
				depth--
				if (depth == 0)
					break
			} else if (c == "," && depth == 1)
				n++
		}
		return n + 1
	}
	FNR == 1 {
		if (lines > (file ~ /^tests\// ? 600 : 450))
			print file ": " lines " lines"
		file = FILENAME
		inside = 0
		head = ""
	}
	{ lines = FNR }
	inside {
		if ($0 ~ /^}/) {
			if (FNR - start + 1 > 70)
				print FILENAME ":" start ": " name ": " FNR - start + 1 " lines"
			inside = 0
			head = ""
		}
		next
	}
	/^[#\/ *]/ || /^$/ || /;[ \t]*$/ || /^}/ { head = ""; next }
	/^[A-Za-z_]/ && !/^(struct|enum|union)[^()]*\{/ && head == "" { head = $0; start = FNR; if ($0 !~ /\{[ \t]*$/) next }
	/^[ \t]/ && head != "" && $0 !~ /\{[ \t]*$/ { head = head $0; next }
	/\{[ \t]*$/ && head != "" {
		if ($0 != head)
			head = head $0
		if (head !~ /\)[ \t]*\{[ \t]*$/ || head ~ /=/) {
			head = ""
			next
		}
		name = head
		sub(/[ \t]*\(.*/, "", name)
		sub(/.*[ *]/, "", name)
		# A callback has as many as the library that calls it gives: libunbound, c-ares.
		if (count(head) > 5 && FILENAME ":" name !~ /^src\/io\/(dns_validate\.c:resolved|dns_socket\.c:receive)$/)
			print FILENAME ":" start ": " name ": " count(head) " parameters"
		inside = 1
	}
	END {
		if (lines > (file ~ /^tests\// ? 600 : 450))
			print file ": " lines " lines"
	}' "$@"
}

unexplained() # DIRECTORY: each vendor that is long and does not say why
{
	sed -n '/^#define VENDORS/,/[^\\]$/s/X(\([a-z0-9]*\))/\n\1\n/gp' "$1/src/provider/vendor.h" | grep -E '^[a-z0-9]+$' | while read -r vendor; do
		awk 'NR > 1 && /\*\// { past = 1 }
			!past && /^ \* Over 200 lines: ./ { told = 1 }
			END { if (NR > 200 && !told) print FILENAME ": " NR " lines, and no reason" }' "$1/src/provider/$vendor.c"
	done
}

planted()
{
	awk 'BEGIN {
		print "static int long_one(int a,\n\tint b)\n{"
		for (i = 0; i < 68; i++) print "\ta++;"
		print "}\n"
		print "struct x {\n\tint a;\n};\n"
		print "static int wide(int a, int b, int (*c)(int, int), int d,\n\tint e, int f)\n{\n}\n"
		print "const char *fits(int a, int (*b)(int, int, int, int), int c, int d, int e)\n{"
		for (i = 0; i < 67; i++) print "\ta++;"
		print "}\n"
		print "static int brace_behind(void) {"
		for (i = 0; i < 80; i++) print "\ta++;"
		print "}"
		print "static const int t[] = {"
		for (i = 0; i < 200; i++) print "\t1,"
		print "};"
	}'
}

root=${top_srcdir:-$(dirname "$0")/..}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

echo 1..4
status=0
planted > "$tmp/a.c"
expected="a.c:1: long_one: 72 lines a.c:78: wide: 6 parameters a.c:154: brace_behind: 82 lines"
got=$(cd "$tmp" && breaches a.c | paste -sd ' ' -)
lines=$(awk 'BEGIN { for (i = 0; i < 451; i++) print "" }' > "$tmp/b.c" && cd "$tmp" && breaches b.c)
if [ "$got" = "$expected" ] && [ "$lines" = "b.c: 451 lines" ]; then
	echo 'ok 1 - length refuses planted sizes'
else
	echo "# got: $got; $lines"
	echo 'not ok 1 - length refuses planted sizes'
	status=1
fi
found=$(cd "$root" && breaches $(find src tests -name '*.[ch]' | LC_ALL=C sort))
if [ -z "$found" ]; then
	echo 'ok 2 - functions, parameters and files keep their size'
else
	echo "$found" | sed 's/^/# /'
	echo 'not ok 2 - functions, parameters and files keep their size'
	status=1
fi

mkdir -p "$tmp/src/provider"
printf '#define VENDORS(X) \\\n\tX(short) X(long1) \\\n\tX(told)\n\nX(other)\n' > "$tmp/src/provider/vendor.h"
for vendor in short:200: long1:201: told:201:'Over 200 lines: so it is'; do
	file=$tmp/src/provider/${vendor%%:*}.c
	count=${vendor#*:}
	printf '/* SPDX */\n/*\n * %s\n */\n' "${count#*:}" > "$file"
	awk -v n="${count%%:*}" 'BEGIN { for (i = 4; i < n; i++) print "/* Over 200 lines: too late */" }' >> "$file"
done
got=$(cd "$tmp" && unexplained .)
if [ "$got" = './src/provider/long1.c: 201 lines, and no reason' ]; then
	echo 'ok 3 - a vendor without a reason is refused'
else
	echo "# got: $got"
	echo 'not ok 3 - a vendor without a reason is refused'
	status=1
fi
found=$(cd "$root" && unexplained .)
if [ -z "$found" ]; then
	echo 'ok 4 - vendors of over 200 lines say why'
else
	echo "$found" | sed 's/^/# /'
	echo 'not ok 4 - vendors of over 200 lines say why'
	status=1
fi
exit $status
