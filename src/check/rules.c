/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
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

/* Nothing but letters, digits, hyphens and underscores, and no number for its last label: a name, which is seen without its text. */
static bool is_plain(const struct mx *mx)
{
	const uint8_t *wire = mx->host.wire;
	bool digits = false;

	if (mx->host.len <= 1)
		return false;
	for (size_t at = 0; wire[at]; at += 1u + wire[at]) {
		digits = true;
		for (size_t i = at + 1; i <= at + wire[at]; i++) {
			bool letter = (wire[i] >= 'a' && wire[i] <= 'z') || wire[i] == '-' || wire[i] == '_';

			if (!letter && !(wire[i] >= '0' && wire[i] <= '9'))
				return false;
			digits = digits && !letter;
		}
	}
	return !digits;
}

bool target_is_address(const struct mx *mx)
{
	char text[TARGET_TEXT_MAX], *inner = text;
	size_t len;

	if (is_plain(mx))
		return false;
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

	return !is_plain(mx) && !target_is_address(mx) && strpbrk(target_text(mx, text), "/@: \t\"'<>,;") != NULL;
}

bool target_is_name(const struct mx *mx)
{
	return is_plain(mx) || (mx->host.len > 1 && !target_is_address(mx) && !target_is_pasted(mx));
}

static bool label_is_ldh(const uint8_t *label, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!(label[i] >= 'a' && label[i] <= 'z') && !(label[i] >= '0' && label[i] <= '9') && label[i] != '-')
			return false;
	return len > 0 && label[0] != '-' && label[len - 1] != '-';
}

bool name_is_ldh(const struct dname *name)
{
	for (unsigned i = 0; i < dname_labels(name); i++) {
		size_t len;
		const uint8_t *label = dname_label(name, i, &len);

		if (!label_is_ldh(label, len))
			return false;
	}
	return true;
}

bool name_ends_in_digits(const struct dname *name)
{
	size_t len;
	const uint8_t *label = dname_label(name, dname_labels(name) - 1, &len);

	for (size_t i = 0; i < len; i++)
		if (label[i] < '0' || label[i] > '9')
			return false;
	return true;
}

bool name_is_proxy_mark(const struct dname *name)
{
	return name->wire[0] == strlen("_dc-mx") && memcmp(name->wire + 1, "_dc-mx", strlen("_dc-mx")) == 0;
}

/* A label with bytes beyond ASCII, or one that begins with xn-- and does not turn back into a name. */
bool name_has_idna_fault(const struct dname *name)
{
	for (unsigned i = 0; i < dname_labels(name); i++) {
		char plain[DNAME_TEXT_MAX], shown[DNAME_TEXT_MAX];
		struct dname alone = { 0 };
		size_t len;
		const uint8_t *label = dname_label(name, i, &len);

		for (size_t k = 0; k < len; k++)
			if (label[k] > 127)
				return true;
		if (len < 4 || memcmp(label, "xn--", 4) != 0)
			continue;
		alone.len = (uint8_t)(len + 2);
		alone.wire[0] = (uint8_t)len;
		memcpy(alone.wire + 1, label, len);
		if (strcmp(dname_show(&alone, shown), dname_text(&alone, plain)) == 0)
			return true;
	}
	return false;
}

bool target_is_first(const struct check_input *in, size_t i)
{
	const struct mxset *set = in->set;

	if (in->index)
		return in->index->record[i].first;
	for (size_t k = 0; k < i; k++)
		if (set->mx[i].host.len ? dname_equal(&set->mx[k].host, &set->mx[i].host)
					: set->mx[k].host.len == 0 && strcmp(set->mx[k].odd, set->mx[i].odd) == 0)
			return false;
	return true;
}

bool record_is_name(const struct check_input *in, size_t i)
{
	return in->index ? in->index->record[i].is_name : target_is_name(&in->set->mx[i]);
}

bool record_is_new(const struct check_input *in, size_t i)
{
	return record_is_name(in, i) && target_is_first(in, i);
}

size_t set_hosts(const struct check_input *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->set->n; i++)
		n += record_is_new(in, i);
	return n;
}

const struct host_facts *record_host(const struct check_input *in, size_t i)
{
	return in->index ? in->index->record[i].host : facts_host(in->facts, &in->set->mx[i].host);
}

const struct tlsa_facts *record_tlsa(const struct check_input *in, size_t i)
{
	return in->index ? in->index->record[i].tlsa : facts_tlsa(in->facts, &in->set->mx[i].host);
}

size_t target_find(const struct check_input *in, const struct dname *host)
{
	return in->index ? check_index_find(in->index, host) : mxset_find(in->set, host);
}

const struct preset *set_hoster(const struct check_input *in)
{
	return in->index && in->index->of_hosters ? in->index->hoster : preset_recognise(in->set);
}

const struct preset *record_hoster(const struct check_input *in, size_t i)
{
	return in->index && in->index->of_hosters ? in->index->record[i].of : preset_of(&in->set->mx[i].host);
}

void senders_list(bool (*has)(const struct sender *sender, size_t n), size_t n, struct str *out)
{
	str_init(out, 0);
	for (size_t i = 0; senders[i]; i++)
		if (has(senders[i], n))
			str_add_listed(out, sender_title(senders[i]));
}

const char *set_text(const struct mxset *set, char out[SET_TEXT_MAX])
{
	struct str text;

	str_init(&text, 0);
	for (size_t i = 0; i < set->n; i++) {
		char host[DNAME_TEXT_MAX];

		str_addf(&text, "%s%lu %s", i ? ", " : "", (unsigned long)set->mx[i].preference, mx_host_show(&set->mx[i], host));
	}
	snprintf(out, SET_TEXT_MAX, "%s", text.s);
	if (text.len >= SET_TEXT_MAX)
		snprintf(out + SET_TEXT_MAX - 4, 4, "...");
	str_release(&text);
	return out;
}

enum known answer_known(enum answer answer)
{
	if (answer == ANSWER_DATA || answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN)
		return KNOWN;
	return answer == ANSWER_PENDING ? KNOWN_LATER : KNOWN_NOT;
}

static enum known facts_known(const struct host_facts *host)
{
	enum known a, aaaa;

	if (!host)
		return KNOWN_NOT;
	a = answer_known(host->a);
	aaaa = answer_known(host->aaaa);
	return a > aaaa ? a : aaaa;
}

enum known host_known(const struct check_input *in, const struct dname *host, const struct host_facts **facts)
{
	*facts = facts_host(in->facts, host);
	return facts_known(*facts);
}

enum known record_known(const struct check_input *in, size_t i, const struct host_facts **facts)
{
	*facts = record_host(in, i);
	return facts_known(*facts);
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

void each_host(const struct check *check, const struct check_input *in, host_fn fn, struct findings *out)
{
	struct unknown unknown = { 0 };

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host;
		enum known known;

		if (!record_is_new(in, i))
			continue;
		known = record_known(in, i, &host);
		/* what one answer shows is not unshown by the other's failure */
		if (known == KNOWN || (host && (host->n_addr || host->n_alias)))
			fn(check, in, mx, host, out);
		unknown_count(&unknown, known, &mx->host);
	}
	unknown_skip(&unknown, check, out);
}
