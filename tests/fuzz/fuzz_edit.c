/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits as a script may write them, one a line: a failing one changes nothing, and undo goes all the way back. */
#include <stdlib.h>
#include <string.h>

#include "core/draft.h"
#include "core/edit_text.h"
#include "core/ladder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS 5

static void one(struct draft *draft, const struct dname *domain, char *line)
{
	struct mxset before = { 0 };
	struct ladder ladder = { 0 };
	struct err err = { 0 };
	struct str text = { 0 };
	struct edits edits = { 0 };
	char *words[WORDS + 1] = { NULL }, *save = NULL;
	size_t n = 0;

	for (char *word = strtok_r(line, " ", &save); word && n < WORDS; word = strtok_r(NULL, " ", &save))
		words[n++] = word;
	mxset_copy(&before, &draft->want);
	if (!edit_parse(&(struct edit_grammar){ .domain = domain, .completes = n % 2 }, words, &edits, NULL, &err) ||
		!draft_apply(draft, edits.edit, edits.n, &err)) {
		err_format(&err, NULL, &text);
		if (!mxset_equal(&before, &draft->want) || text.len == 0)
			abort();
	}
	ladder_build(&ladder, &draft->want);
	for (size_t i = 1; i < ladder.n; i++) {
		if (ladder.rung[i].preference <= ladder.rung[i - 1].preference)
			abort();
	}
	ladder_release(&ladder);
	edits_release(&edits);
	mxset_release(&before);
	str_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mxset base = { .ttl_s = 3600 };
	struct dname domain = { 0 };
	struct draft draft;
	char *text = calloc(1, size + 1), *save = NULL;
	struct mx mx;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	dname_parse(&domain, "example.com", NULL);
	mx_set(&mx, 10, "mx1.example.com");
	mxset_add(&base, &mx);
	mx_set(&mx, 11, "mx2.example.com");
	mxset_add(&base, &mx);
	draft_init(&draft, &base);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		one(&draft, &domain, line);
	while (draft_undo(&draft))
		;
	if (draft_dirty(&draft))
		abort();
	draft_release(&draft);
	mxset_release(&base);
	free(text);
	return 0;
}
