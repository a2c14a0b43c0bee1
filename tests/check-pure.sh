#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What libpure.a asks of the world: no socket, file, clock, environment, locale, terminal, chance, stream or process.
# Prints TAP; proves first, on a planted list of symbols, that it can fail.

refused='
socket|connect|bind|listen|accept4?|send|sendto|sendmsg|recv|recvfrom|recvmsg|shutdown|socketpair
getaddrinfo|getnameinfo|gethostby.*|res_.*|select|poll|ppoll|epoll_.*
open|open64|openat|creat|fopen|fopen64|fdopen|freopen|opendir|popen|tmpfile|mkstemp.*|mkdtemp
read|write|pread.*|pwrite.*|close|lseek.*|dup2?|pipe2?|fsync|rename|unlink|remove|mkdir|rmdir|stat|lstat|fstat|access|flock|fcntl.*|ioctl
fread|fwrite|fgets|getline|fgetc|getc|fclose|fflush
time|clock|clock_gettime|gettimeofday|localtime.*|mktime|tzset|alarm|setitimer|sleep|usleep|nanosleep
getenv|secure_getenv|setenv|putenv|environ
setlocale|newlocale|uselocale|nl_langinfo.*|localeconv|mbstowcs|wcstombs|mbrtowc|wcrtomb|mbtowc|wctomb|wcwidth|wcswidth|strcoll|strxfrm
isatty|tc[gs]etattr|initscr|newterm|tputs|setupterm
rand|rand_r|random|srand|srandom|[dejlmn]rand48|arc4random.*|getrandom|getentropy|RAND_.*
printf|__printf_chk|vprintf|__vprintf_chk|fprintf|__fprintf_chk|vfprintf|__vfprintf_chk|dprintf|puts|putchar|putc|fputs|fputc|perror|stdout|stderr|stdin
gettext|dgettext|dcgettext|ngettext|dngettext|dcngettext|libintl_.*|bindtextdomain|textdomain
fork|vfork|exec.*|posix_spawn.*|system|kill|raise|signal|sigaction|pthread_create
ldns_resolver_.*|ldns_tcp_.*|ldns_udp_.*|ldns_.*_print|ldns_.*_fp.*|ldns_get_random|ldns_init_random
json_load_file|json_loadf|json_loadfd|json_dump_file|json_dumpf|json_dumpfd
'

breaches() # symbols on stdin, as nm -u prints them
{
	pattern=$(echo "$refused" | sed '/^$/d' | paste -sd '|' -)
	sed -n 's/@.*//; s/^[ 	]*[Uvw] //p' | LC_ALL=C sort -u | grep -Ex "$pattern"
}

echo 1..2
status=0
planted=$(printf '%17s U getenv\n%17s U fopen@GLIBC_2.2.5\n%17s U snprintf\n%17s w __fprintf_chk\n%17s U memcpy\n' | breaches | wc -l)
if [ "$planted" -eq 3 ]; then
	echo 'ok 1 - pure refuses planted symbols'
else
	echo 'not ok 1 - pure refuses planted symbols'
	status=1
fi
archive=${top_builddir:-$(dirname "$0")/../_build}/libpure.a
[ -s "$archive" ] || echo "# $archive is not built: make it, or name the build's folder in top_builddir"
found=$(nm -u "$archive" 2> /dev/null | breaches)
if [ -s "$archive" ] && [ -z "$found" ]; then
	echo 'ok 2 - the pure floors ask nothing of the world'
else
	for symbol in $found; do
		echo "# $symbol, in $(nm -A -u "$archive" | grep -E " [Uvw] $symbol(@|\$)" | sed 's/^[^:]*:\([^:]*\):.*/\1/' | paste -sd ' ' -)"
	done
	echo 'not ok 2 - the pure floors ask nothing of the world'
	status=1
fi
exit $status
