#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every #include of src/ against the floors: what a folder may include, and which file may see which library.
# Prints TAP; proves first, on planted breaches, that it can fail.

# floor:what its files may include. A path ending in / is a folder, else one header.
floors='
base:base/
core:core/ base/
check:check/ sim/sender/sender.h core/ base/
sim:sim/ core/ base/
wire:wire/ core/ base/
provider:provider/ wire/ core/ base/
io:io/ wire/ core/ base/
app:app/ io/ provider/ wire/ sim/ check/ core/ base/
show:show/ app/ sim/ check/ core/ base/
tui:tui/ show/ app/ sim/ check/ core/ base/
cli:cli/ show/ app/ sim/ check/ core/ base/
tui/tui.c:io/loop.h io/config.h
tui/settings.c:io/config.h
cli/cmd_tui.c:tui/tui.h
cli/cmd_list.c:provider/registry.h tui/action.h tui/term/theme.h io/config.h
main.c:cli/ io/config.h base/
'
# library header (a prefix):the files or folders that may see it.
foreign='
curses.h:tui/term/terminfo.c
term.h:tui/term/terminfo.c
event2/:io/loop.c
curl/:io/curl_lib.h
ares:io/dns_channel.c io/dns_socket.c
unbound:io/dns_validate.c
ldns/:wire/
jansson.h:provider/ wire/ core/plan.c core/plan.h io/store.c io/store.h app/ cli/
idn2.h:core/dname.c
ini.h:io/inifile.c
libpsl.h:io/suffix.c
expat.h:provider/
pthread.h:io/disk.c
openssl/:io/ provider/ core/plan.c wire/tlsa.c
libintl.h:base/i18n.h
uni:base/text.c
'
# The C library and POSIX; a header in neither list is a library that nobody decided on.
libc=' assert.h ctype.h errno.h fcntl.h fnmatch.h float.h inttypes.h langinfo.h limits.h locale.h math.h poll.h pwd.h
regex.h setjmp.h signal.h spawn.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h strings.h
termios.h time.h unistd.h wchar.h wctype.h dirent.h dlfcn.h glob.h grp.h libgen.h netdb.h arpa/inet.h arpa/nameser.h net/if.h
netinet/in.h netinet/tcp.h resolv.h search.h sys/file.h sys/ioctl.h sys/mman.h sys/prctl.h sys/random.h sys/resource.h sys/socket.h sys/stat.h sys/time.h
sys/types.h sys/uio.h sys/un.h sys/utsname.h sys/wait.h ftw.h malloc.h '

breaches() # ROOT: one line a breach
{
	(cd "$1" && find . -name '*.[ch]' | sed 's|^\./||' | LC_ALL=C sort | while read -r file; do
		sed -n "s|^[ 	]*#[ 	]*include[ 	]*\\([<\"][^>\"]*\\)[>\"].*|$file \\1|p" "$file"
	done) | awk -v floors="$floors" -v foreign="$foreign" -v libc="$libc" '
	function load(text, to,    n, lines, i, at) {
		n = split(text, lines, "\n")
		for (i = 1; i <= n; i++) {
			at = index(lines[i], ":")
			if (at)
				to[substr(lines[i], 1, at - 1)] = substr(lines[i], at + 1)
		}
	}
	function among(path, list,    n, words, i) {
		n = split(list, words, " ")
		for (i = 1; i <= n; i++)
			if (path == words[i] || (words[i] ~ /\/$/ && index(path, words[i]) == 1))
				return 1
		return 0
	}
	BEGIN {
		load(floors, may)
		load(foreign, where)
		gsub(/[\n\t]/, " ", libc)
	}
	{
		file = $1
		name = substr($2, 2)
		floor = file
		sub(/\/.*/, "", floor)
		if (substr($2, 1, 1) == "\"") {
			if (name != "config.h" && !among(name, may[floor] " " may[file]))
				print file " includes \"" name "\""
			next
		}
		for (prefix in where)
			if (index(name, prefix) == 1 && name != "unistd.h") {
				if (!among(file, where[prefix]))
					print file " includes <" name ">"
				next
			}
		if (!index(libc, " " name " "))
			print file " includes <" name ">, which no list knows"
	}'
}

# The planted tree: each file is one breach and must give one line.
planted()
{
	tree=$1
	mkdir -p "$tree/core" "$tree/tui" "$tree/io" "$tree/cli"
	echo '#include "io/loop.h"' > "$tree/core/a.c"
	echo '#include <curl/curl.h>' > "$tree/core/b.c"
	echo '#  include <curses.h>' > "$tree/tui/canvas.c"
	echo '#include "io/loop.h"' > "$tree/tui/list.c"
	echo '#include <zlib.h>' > "$tree/io/c.c"
	echo '#include "loop.h"' > "$tree/io/d.h"
	echo '#include "tui/tui.h"' > "$tree/cli/cmd_show.c"
	printf '#include "io/loop.h"\n#include "base/err.h"\n#include <unistd.h>\n#include <stdio.h>\n' > "$tree/tui/tui.c"
}

root=${top_srcdir:-$(dirname "$0")/..}/src
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

echo 1..2
planted "$tmp"
count=$(breaches "$tmp" | wc -l)
if [ "$count" -eq 7 ]; then
	echo 'ok 1 - layers refuse planted breaches'
else
	breaches "$tmp" | sed 's/^/# /'
	echo 'not ok 1 - layers refuse planted breaches'
fi
found=$(breaches "$root")
if [ -z "$found" ]; then
	echo 'ok 2 - every include stays on its floor'
else
	echo "$found" | sed 's/^/# /'
	echo 'not ok 2 - every include stays on its floor'
	exit 1
fi
[ "$count" -eq 7 ]
