/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "speak.h"

static const char *top(void)
{
	const char *dir = getenv("top_srcdir");

	return dir ? dir : ".";
}

size_t speak_languages(char (*out)[8])
{
	char path[512], line[128];
	size_t n = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/po/LINGUAS", top());
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (*line != '#' && *line != '\n') {
			assert_true(n < SPEAK_MOST);
			assert_int_equal(sscanf(line, "%7s", out[n++]), 1);
		}
	fclose(file);
	return n;
}

void speak(const char *language)
{
	char dir[] = "/tmp/mxladder-po-XXXXXX", sub[64], messages[96], link[128], catalogue[512];

	setenv("LANGUAGE", language ? language : "", 1);
	if (!language) {
		textdomain("none");
		return;
	}
	snprintf(catalogue, sizeof(catalogue), "%s/po/%s.gmo", top(), language);
	assert_int_equal(access(catalogue, R_OK), 0);
	assert_non_null(mkdtemp(dir));
	snprintf(sub, sizeof(sub), "%s/%s", dir, language);
	snprintf(messages, sizeof(messages), "%s/LC_MESSAGES", sub);
	snprintf(link, sizeof(link), "%s/mxladder.mo", messages);
	assert_true(!mkdir(sub, 0700) && !mkdir(messages, 0700) && !symlink(catalogue, link));
	assert_non_null(bindtextdomain("mxladder", dir));
	textdomain("mxladder");
	bind_textdomain_codeset("mxladder", "UTF-8");
	assert_string_not_equal(gettext("name servers"), ""); /* the catalogue is read here, and kept */
	unlink(link);
	rmdir(messages);
	rmdir(sub);
	rmdir(dir);
}
