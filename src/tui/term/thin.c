/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/thin.h"

#include <string.h>

#include "base/banned.h"

#define ASCII "\033(B"

/* The length of the first that the bytes begin with; 0: none. */
static size_t begins(const char *bytes, const char *const *with)
{
	for (; *with; with++)
		if (!strncmp(bytes, *with, strlen(*with)))
			return strlen(*with);
	return 0;
}

/* How many bytes from here on change nothing, and can be left out. */
static size_t idle(const char *bytes)
{
	static const char *const colours[] = { "\033[39m", "\033[49m", "\033[39;49m", NULL };
	static const char *const resets[] = { "\033[m", "\033[0m", "\033[0;", ASCII "\033[m", ASCII "\033[0m", ASCII "\033[0;", NULL };
	static const char *const ascii[] = { ASCII, NULL };
	size_t n = begins(bytes, colours);

	return n && begins(bytes + n, resets) ? n : begins(bytes, ascii);
}

void thin_frame(struct str *frame)
{
	size_t kept = 0;

	for (size_t at = 0, n; at < frame->len;) {
		if (frame->s[at] == '\033' && (n = idle(frame->s + at)))
			at += n;
		else
			frame->s[kept++] = frame->s[at++];
	}
	if (kept < frame->len)
		frame->s[kept] = '\0';
	frame->len = kept;
}
