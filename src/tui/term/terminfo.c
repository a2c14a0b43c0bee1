/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/terminfo.h"

#include <curses.h>
#include <term.h>
#include <unistd.h>

#include "tui/term/modes.h"
#include "base/banned.h"

bool terminfo_open(void)
{
	int status;

	return setupterm(NULL, STDOUT_FILENO, &status) == OK;
}

void terminfo_close(void)
{
	del_curterm(cur_term);
}

const char *terminfo_text(const char *name)
{
	const char *bytes = tigetstr(name);

	return bytes && bytes != (char *)-1 && *bytes ? bytes : NULL; /* -1: it is no string */
}

int terminfo_number(const char *name)
{
	int n = tigetnum(name);

	return n < 0 ? -1 : n;
}

bool terminfo_flag(const char *name)
{
	return tigetflag(name) > 0;
}

void terminfo_add(char word[TERMINFO_WORD], const char *name, int a, int b)
{
	const char *bytes = terminfo_text(name);
	const char *filled = bytes ? tiparm(bytes, a, b) : NULL;

	if (filled)
		modes_add(word, TERMINFO_WORD, filled);
}
