/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/policy.h"

#include <string.h>
#include <strings.h>

#include "wire/policytag.h"
#include "base/banned.h"

#define MAX_AGE_MAX 31557600 /* a year */

/* ---- records ---- */

bool sts_is_record(struct text text)
{
	return tag_version(text, "STSv1");
}

bool sts_is_nearly(struct text text)
{
	return text_means(text, "v=STSv1") && !sts_is_record(text);
}

bool tlsrpt_is_record(struct text text)
{
	return tag_version(text, "TLSRPTv1");
}

static bool is_id(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!((text.s[i] >= '0' && text.s[i] <= '9') || (text.s[i] >= 'a' && text.s[i] <= 'z') ||
			    (text.s[i] >= 'A' && text.s[i] <= 'Z')))
			return false;
	return text.len >= 1 && text.len <= STS_ID_MAX;
}

bool sts_read_record(struct text text, char id[STS_ID_MAX + 1])
{
	struct text found = { NULL, 0 };
	struct tag tag;

	id[0] = '\0';
	if (!sts_is_record(text))
		return false;
	while (tag_next(&text, &tag))
		if (text_is(tag.key, "id") && !found.s)
			found = tag.value;
	if (text_trim(text).len || !found.s || !is_id(found))
		return false;
	text_keep(found, id, STS_ID_MAX + 1);
	return true;
}

bool tlsrpt_read_record(struct text text, char rua[POLICY_URI_MAX])
{
	struct tag tag;

	rua[0] = '\0';
	if (!tlsrpt_is_record(text))
		return false;
	while (tag_next(&text, &tag))
		if (text_is(tag.key, "rua") && !rua[0])
			text_keep(tag.value, rua, POLICY_URI_MAX);
	return !text_trim(text).len && (!strncasecmp(rua, "mailto:", 7) || !strncasecmp(rua, "https://", 8));
}

/* ---- the policy file ---- */

static void note(struct sts_policy *policy, enum sts_problem problem, struct text line)
{
	policy->problems |= problem;
	if (!policy->detail[0])
		text_keep(line, policy->detail, sizeof(policy->detail));
}

static bool is_address(const char *text)
{
	struct addr addr;

	return addr_parse(&addr, text);
}

static void read_mx(struct sts_policy *policy, struct text value, struct text line)
{
	struct sts_pattern pattern = { .wildcard = value.len > 2 && value.s[0] == '*' && value.s[1] == '.' };
	char name[DNAME_TEXT_MAX];

	if (pattern.wildcard)
		value = (struct text){ value.s + 2, value.len - 2 };
	text_keep(value, name, sizeof(name));
	if (is_address(name) || name[0] == '[')
		note(policy, STS_MX_ADDRESS, line);
	else if (strchr(name, '*'))
		note(policy, STS_MX_WILDCARD, line);
	else if (value.len >= sizeof(name) || strpbrk(name, " \t\\,;/@:") || !dname_parse(&pattern.name, name, NULL) ||
		 dname_is_root(&pattern.name))
		note(policy, STS_MX_NAME, line);
	else if (policy->n_mx == STS_MX_MAX)
		policy->more++;
	else
		policy->mx[policy->n_mx++] = pattern;
}

/* false: no number that may stand there. */
static bool read_age(struct text text, uint32_t *age)
{
	uint64_t value = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] < '0' || text.s[i] > '9')
			return false;
		value = value * 10 + (unsigned)(text.s[i] - '0');
	}
	*age = (uint32_t)value;
	return text.len >= 1 && text.len <= 10 && value <= MAX_AGE_MAX;
}

static enum sts_mode mode_of(struct text text)
{
	if (text_is(text, "enforce"))
		return STS_ENFORCE;
	if (text_is(text, "testing"))
		return STS_TESTING;
	return text_is(text, "none") ? STS_NONE : STS_MODE_UNKNOWN;
}

struct reading {
	struct sts_policy *policy;
	bool version, mode, max_age; /* seen */
};

static void read_field(struct reading *in, struct text key, struct text value, struct text line)
{
	struct sts_policy *policy = in->policy;
	bool *seen = text_is(key, "version")   ? &in->version
		     : text_is(key, "mode")    ? &in->mode
		     : text_is(key, "max_age") ? &in->max_age
					       : NULL;

	if (text_is(key, "mx")) {
		read_mx(policy, value, line);
		return;
	}
	if (!seen) {
		policy->others++; /* one of a later version (section 3.2) */
		return;
	}
	if (*seen) {
		note(policy, STS_TWICE, line);
		return;
	}
	*seen = true;
	if (seen == &in->version && !text_is(value, "STSv1"))
		note(policy, STS_NO_VERSION, line);
	if (seen == &in->mode && (policy->mode = mode_of(value)) == STS_MODE_UNKNOWN)
		note(policy, STS_NO_MODE, line);
	if (seen == &in->max_age && !read_age(value, &policy->max_age_s)) {
		policy->max_age_s = 0;
		note(policy, STS_NO_MAX_AGE, line);
	}
}

static void read_line(struct reading *in, struct text line)
{
	const char *colon;
	struct text key, value;

	if (line.len && line.s[line.len - 1] == '\r')
		line.len--;
	if (memchr(line.s, '\r', line.len))
		note(in->policy, STS_LINE_ENDS, line);
	if (!line.len)
		return;
	colon = memchr(line.s, ':', line.len);
	if (!colon) {
		note(in->policy, text_trim(line).len ? STS_LINE : STS_LINE_ENDS, line);
		return;
	}
	key = (struct text){ line.s, (size_t)(colon - line.s) };
	value = text_trim((struct text){ colon + 1, line.len - key.len - 1 });
	if (text_trim(key).len != key.len)
		note(in->policy, STS_LINE_ENDS, line);
	read_field(in, text_trim(key), value, line);
}

void sts_read_policy(struct text text, struct sts_policy *policy)
{
	struct reading in = { .policy = policy };

	*policy = (struct sts_policy){ 0 };
	while (text.len) {
		const char *end = memchr(text.s, '\n', text.len);
		size_t len = end ? (size_t)(end - text.s) : text.len, taken = len + (end != NULL);

		read_line(&in, (struct text){ text.s, len });
		text = (struct text){ text.s + taken, text.len - taken };
	}
	if (!in.version)
		policy->problems |= STS_NO_VERSION;
	if (!in.mode)
		policy->problems |= STS_NO_MODE;
	if (!in.max_age)
		policy->problems |= STS_NO_MAX_AGE;
	if (!policy->n_mx && policy->mode != STS_NONE)
		policy->problems |= STS_NO_MX;
}
