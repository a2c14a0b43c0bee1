/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "said.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static FILE *paper;
static int kept;

void listen_to_stdout(void)
{
	fflush(stdout);
	kept = dup(STDOUT_FILENO);
	paper = tmpfile();
	assert_non_null(paper);
	dup2(fileno(paper), STDOUT_FILENO);
}

void said(const char *wanted)
{
	char text[4096];
	size_t n;

	fflush(stdout);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	rewind(paper);
	n = fread(text, 1, sizeof(text) - 1, paper);
	text[n] = '\0';
	fclose(paper);
	assert_string_equal(text, wanted);
}

void json_is(json_t *json, const char *wanted)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);

	assert_string_equal(text, wanted);
	free(text);
	json_decref(json);
}
