/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/kind.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tui/term/term.h"
#include "tui/term/terminfo.h"
#include "base/banned.h"

#define ESCAPE_MAX_MS 10000
#define SIZE_MAX_CELLS 9999

bool term_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

bool term_has_few_signs(void)
{
	const char *type = getenv("TERM");

	return type && (!strcmp(type, "linux") || !strncmp(type, "linux-", 6));
}

static int size_of(unsigned short told, const char *variable, const char *name, int standard)
{
	const char *text = getenv(variable);
	long n = text ? strtol(text, NULL, 10) : terminfo_number(name);

	return told ? told : n > 0 && n <= SIZE_MAX_CELLS ? (int)n : standard;
}

void kind_size(int *width, int *height)
{
	struct winsize size = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		size = (struct winsize){ 0 };
	*width = size_of(size.ws_col, "COLUMNS", "cols", 80);
	*height = size_of(size.ws_row, "LINES", "lines", 24);
}

unsigned kind_escape_ms(unsigned standard, bool *own)
{
	const char *text = getenv("ESCDELAY");
	char *end;
	long ms = text ? strtol(text, &end, 10) : -1;

	*own = ms >= 0 && end != text && !*end;
	return !*own ? standard : ms < ESCAPE_MAX_MS ? (unsigned)ms : ESCAPE_MAX_MS;
}
