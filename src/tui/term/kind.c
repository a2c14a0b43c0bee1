/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/kind.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/term/term.h"
#include "base/banned.h"

#define ESCAPE_MAX_MS 10000

bool term_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

bool term_has_few_signs(void)
{
	const char *type = getenv("TERM");

	return type && (!strcmp(type, "linux") || !strncmp(type, "linux-", 6));
}

bool kind_size(struct winsize *size)
{
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, size) == 0 && size->ws_col > 0 && size->ws_row > 0;
}

static void tell(const char *name, unsigned short n)
{
	char text[8];

	snprintf(text, sizeof(text), "%hu", n);
	setenv(name, text, 1);
}

bool kind_tell_size(void)
{
	struct winsize size;

	if (getenv("LINES") || getenv("COLUMNS") || !kind_size(&size))
		return false;
	tell("LINES", size.ws_row);
	tell("COLUMNS", size.ws_col);
	return true;
}

void kind_untell_size(void)
{
	unsetenv("LINES");
	unsetenv("COLUMNS");
}

unsigned kind_escape_ms(unsigned standard, bool *own)
{
	const char *text = getenv("ESCDELAY");
	char *end;
	long ms = text ? strtol(text, &end, 10) : -1;

	*own = ms >= 0 && end != text && !*end;
	return !*own ? standard : ms < ESCAPE_MAX_MS ? (unsigned)ms : ESCAPE_MAX_MS;
}
