/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

void findings_release(struct findings *findings)
{
	free(findings->finding);
	free(findings->skip);
	*findings = (struct findings){ 0 };
}

void findings_clear(struct findings *findings)
{
	findings->n = findings->n_skip = 0;
}

struct finding *findings_add(struct findings *out, const struct check *check, const struct mx *mx)
{
	struct finding *finding;

	out->finding = mem_grow(out->finding, out->n, &out->cap, sizeof(*out->finding));
	finding = &out->finding[out->n++];
	memset(finding, 0, sizeof(*finding));
	finding->check = check;
	finding->level = check->level;
	if (mx)
		finding->mx = *mx;
	return finding;
}

struct msg *findings_skip(struct findings *out, const struct check *check)
{
	struct skip *skip;

	out->skip = mem_grow(out->skip, out->n_skip, &out->cap_skip, sizeof(*out->skip));
	skip = &out->skip[out->n_skip++];
	memset(skip, 0, sizeof(*skip));
	skip->id = check->id;
	return &skip->reason;
}

struct msg *findings_unseen(struct findings *out, const char *id)
{
	return findings_skip(out, &(struct check){ .id = id });
}

const char *check_level_name(enum check_level level)
{
	static const char *const names[LEVEL_COUNT] = { "error", "warning", "notice", "info" };

	return names[level];
}
