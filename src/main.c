/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The start: the user's language, then the commands. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/command.h"
#include "base/banned.h"

/* --lang speaks before the command line is parsed, so that its errors are understood too. */
static const char *language(int argc, char *argv[])
{
	const char *found = NULL;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			found = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			found = argv[++i];
	}
	return found;
}

/* gettext follows LANGUAGE in every locale but the bare "C" one. */
static void set_language(const char *name)
{
	const char *locale;

	if (!name)
		return;
	setenv("LANGUAGE", name, 1);
	locale = setlocale(LC_MESSAGES, NULL);
	if (locale && (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0))
		setlocale(LC_ALL, "C.UTF-8");
}

#ifdef ENABLE_NLS
/* Is there a catalogue for the language? Each has a head, as the translation of the empty text. */
static bool has_catalogue(void)
{
	const char *nothing = "";

	return *gettext(nothing) != '\0';
}
#endif

#define EXIT_EXHAUSTED 10 /* as the manual says */

/* Writes without a stream: nothing may be allocated any more. */
static void exhausted(const char *why)
{
	const char *text = _(why);
	ssize_t written = write(STDERR_FILENO, text, strlen(text));

	(void)written;
	_exit(EXIT_EXHAUSTED);
}

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define IS_LOOKED_INTO
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define IS_LOOKED_INTO
#endif

/* There are keys in its memory: no core file gets them, and no other process of the user reads it. The search for leaks at the end of a
 * sanitizer's build is such a process. */
static void keep_private(void)
{
#ifndef IS_LOOKED_INTO
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

int main(int argc, char *argv[])
{
	keep_private();
	mem_say_exhaustion(exhausted);
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	set_language(language(argc, argv));
#ifdef ENABLE_NLS
	bindtextdomain(PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
	if (!has_catalogue()) /* else each sentence looks for one again */
		setlocale(LC_MESSAGES, "C");
#endif
	return cli_run(argc, argv);
}
