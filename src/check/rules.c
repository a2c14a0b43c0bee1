/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "core/preset.h"
#include "base/banned.h"

const char *target_text(const struct mx *mx, char out[TARGET_TEXT_MAX])
{
	size_t at = 0;

	if (mx->host.len == 0) {
		snprintf(out, TARGET_TEXT_MAX, "%s", mx->odd);
		return out;
	}
	for (unsigned i = 0; i < dname_labels(&mx->host); i++) {
		size_t len;
		const uint8_t *label = dname_label(&mx->host, i, &len);

		if (i)
			out[at++] = '.';
		for (size_t k = 0; k < len; k++)
			out[at++] = label[k] ? (char)label[k] : '?';
	}
	out[at] = '\0';
	return out;
}

static bool bare_address(const char *text)
{
	struct addr addr;

	return addr_parse(&addr, text);
}

bool target_is_address(const struct mx *mx)
{
	char text[TARGET_TEXT_MAX], *inner = text;
	size_t len;

	target_text(mx, text);
	len = strlen(text);
	if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
		text[len - 1] = '\0';
		inner = text + 1;
		if (strncmp(inner, "ipv6:", 5) == 0 || strncmp(inner, "IPv6:", 5) == 0)
			inner += 5;
	}
	return bare_address(inner);
}

bool target_is_pasted(const struct mx *mx)
{
	char text[TARGET_TEXT_MAX];

	return !target_is_address(mx) && strpbrk(target_text(mx, text), "/@: \t\"'<>,;") != NULL;
}

bool target_is_name(const struct mx *mx)
{
	return mx->host.len > 1 && !target_is_address(mx) && !target_is_pasted(mx);
}

bool target_is_first(const struct check_input *in, size_t i)
{
	const struct mxset *set = in->set;

	if (in->index)
		return in->index->first[i];
	for (size_t k = 0; k < i; k++)
		if (set->mx[i].host.len ? dname_equal(&set->mx[k].host, &set->mx[i].host)
					: set->mx[k].host.len == 0 && strcmp(set->mx[k].odd, set->mx[i].odd) == 0)
			return false;
	return true;
}

size_t target_find(const struct check_input *in, const struct dname *host)
{
	return in->index ? check_index_find(in->index, host) : mxset_find(in->set, host);
}

const struct preset *set_hoster(const struct check_input *in)
{
	return in->index ? in->index->hoster : preset_recognise(in->set);
}

enum known answer_known(enum answer answer)
{
	if (answer == ANSWER_DATA || answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN)
		return KNOWN;
	return answer == ANSWER_PENDING ? KNOWN_LATER : KNOWN_NOT;
}

enum known host_known(const struct check_input *in, const struct dname *host, const struct host_facts **facts)
{
	enum known a, aaaa;

	*facts = facts_host(in->facts, host);
	if (!*facts)
		return KNOWN_NOT;
	a = answer_known((*facts)->a);
	aaaa = answer_known((*facts)->aaaa);
	return a > aaaa ? a : aaaa;
}

void unknown_count(struct unknown *unknown, enum known known, const struct dname *host)
{
	if (known == KNOWN)
		return;
	if (unknown->n++ == 0)
		unknown->host = *host;
	unknown->later = unknown->later || known == KNOWN_LATER;
}

void unknown_skip(const struct unknown *unknown, const struct check *check, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	if (unknown->n == 0)
		return;
	if (unknown->later)
		msg_set(findings_skip(out, check), N_("not answered yet"));
	else if (unknown->n == 1)
		msg_set(findings_skip(out, check), N_("the addresses of %s are not known"), dname_show(&unknown->host, text));
	else
		msg_set(findings_skip(out, check), N_("the addresses of %s and other hosts are not known"),
			dname_show(&unknown->host, text));
}

void finding_fix(struct finding *finding, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(finding->fix, sizeof(finding->fix), format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(finding->fix))
		finding->fix[0] = '\0';
}

void finding_fix_remove(struct finding *finding, const struct check_input *in)
{
	const struct mxset *set = in->set;
	char text[DNAME_TEXT_MAX];

	if (in->index && finding->mx.host.len && in->index->n_hosts < 2)
		return;
	for (size_t i = 0; i < set->n; i++)
		if (!mx_equal(&set->mx[i], &finding->mx) &&
			(finding->mx.host.len == 0 || !dname_equal(&set->mx[i].host, &finding->mx.host))) {
			finding_fix(finding, "remove %s", mx_host_text(&finding->mx, text));
			return;
		}
}
