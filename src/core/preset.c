/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/preset.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/str.h"
#include "base/banned.h"

#define TENANT "{t}"

const struct preset *preset_find(const char *name)
{
	for (const struct preset *p = presets; p->name; p++) {
		if (strcmp(p->name, name) == 0)
			return p;
	}
	return NULL;
}

bool preset_is_complete(const struct preset *preset)
{
	return !strstr(preset->mx[0].host, TENANT);
}

/* ---- a host and a pattern ---- */

/* What stands for {t} in host; false where host does not fit the pattern. */
static bool fits(const char *pattern, const char *host, const char **value, size_t *n)
{
	const char *tenant;
	size_t before, after, len;

	*value = "";
	*n = 0;
	if (*pattern != *host && *pattern != *TENANT)
		return false;
	tenant = strstr(pattern, TENANT);
	len = strlen(host);
	if (!tenant)
		return strcmp(pattern, host) == 0;
	before = (size_t)(tenant - pattern);
	tenant += strlen(TENANT);
	after = strlen(tenant);
	if (len <= before + after || strncmp(pattern, host, before) != 0 || strcmp(tenant, host + len - after) != 0)
		return false;
	*value = host + before;
	*n = len - before - after;
	return true;
}

static size_t place(const struct preset *preset, const char *host)
{
	const char *value;
	size_t n;

	for (size_t i = 0; i < PRESET_MX && preset->mx[i].host; i++)
		if (fits(preset->mx[i].host, host, &value, &n))
			return i;
	return PRESET_MX;
}

static bool is_under(const char *host, size_t len, const char *name)
{
	size_t tail = strlen(name);

	return len >= tail && strcmp(host + len - tail, name) == 0 && (len == tail || host[len - tail - 1] == '.');
}

static bool has_under(const struct preset *preset, const char *host, size_t len)
{
	for (size_t i = 0; i < PRESET_UNDER && preset->under[i]; i++)
		if (is_under(host, len, preset->under[i]))
			return true;
	return false;
}

size_t preset_place(const struct preset *preset, const struct dname *host)
{
	char text[DNAME_TEXT_MAX];

	return host->len ? place(preset, dname_text(host, text)) : PRESET_MX;
}

/* ---- the sieve ---- */

#define SIEVE_END 6 /* characters; no row's end is shorter, but the root, which only itself fits */

static unsigned sieve_bit(const char *text, size_t len)
{
	unsigned hash = 0;

	for (size_t i = len > SIEVE_END ? len - SIEVE_END : 0; i < len; i++)
		hash = hash * 33 + (unsigned char)text[i];
	return (hash ^ hash >> 8) % 256;
}

static void sieve_add(struct preset_sieve *sieve, const char *pattern)
{
	const char *tenant = strstr(pattern, TENANT), *end = tenant ? tenant + strlen(TENANT) : pattern;
	unsigned bit = sieve_bit(end, strlen(end));

	sieve->ends[bit / 64] |= (uint64_t)1 << bit % 64;
}

void preset_sieve_build(struct preset_sieve *sieve)
{
	*sieve = (struct preset_sieve){ { 0 } };
	for (const struct preset *p = presets; p->name; p++) {
		for (size_t i = 0; i < PRESET_MX && p->mx[i].host; i++)
			sieve_add(sieve, p->mx[i].host);
		for (size_t i = 0; i < PRESET_UNDER && p->under[i]; i++)
			sieve_add(sieve, p->under[i]);
	}
}

static bool may_be_there(const struct preset_sieve *sieve, const char *text, size_t len)
{
	unsigned bit = sieve_bit(text, len);

	return !sieve || (sieve->ends[bit / 64] >> bit % 64 & 1);
}

const struct preset *preset_of(const struct dname *host)
{
	return preset_of_sieved(NULL, host);
}

const struct preset *preset_of_sieved(const struct preset_sieve *sieve, const struct dname *host)
{
	char text[DNAME_TEXT_MAX];
	size_t len;

	if (!host->len)
		return NULL;
	len = strlen(dname_text(host, text));
	if (!may_be_there(sieve, text, len))
		return NULL;
	for (const struct preset *p = presets; p->name; p++)
		if (place(p, text) < PRESET_MX)
			return p;
	for (const struct preset *p = presets; p->name; p++)
		if (has_under(p, text, len))
			return p;
	return NULL;
}

/* One letter too many, too few, another, or two that changed places. */
static bool one_off(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);

	while (n && m && *a == *b) {
		a++;
		b++;
		n--;
		m--;
	}
	while (n && m && a[n - 1] == b[m - 1]) {
		n--;
		m--;
	}
	return (n <= 1 && m <= 1 && n + m) || (n == 2 && m == 2 && a[0] == b[1] && a[1] == b[0]);
}

const struct preset *preset_like(const struct dname *host, char meant[DNAME_TEXT_MAX])
{
	const char *dot;
	char text[DNAME_TEXT_MAX];

	dname_text(host, text);
	dot = strchr(text, '.');
	for (const struct preset *p = presets; dot && p->name; p++)
		for (size_t i = 0; i < PRESET_MX && p->mx[i].host; i++) {
			const char *pattern = p->mx[i].host;
			bool tenant = !strncmp(pattern, TENANT ".", strlen(TENANT "."));

			if (!tenant && (strstr(pattern, TENANT) || !one_off(text, pattern)))
				continue;
			if (tenant && !one_off(dot, pattern + strlen(TENANT)))
				continue;
			snprintf(meant, DNAME_TEXT_MAX, "%.*s%s", tenant ? (int)(dot - text) : 0, text,
				tenant ? pattern + strlen(TENANT) : pattern);
			return p;
		}
	return NULL;
}

bool preset_same_owner(const struct preset *a, const struct preset *b)
{
	return strcmp(a->owner, b->owner) == 0;
}

const struct preset *preset_owner(const struct preset *preset)
{
	return preset_find(preset->owner);
}

bool preset_is_leftover(const struct dname *host)
{
	static const struct dname ends[] = { { 14, "\4msv1\7invalid" }, { 28, "\17mx-verification\6google\3com" } };

	return dname_under(host, &ends[0]) || dname_under(host, &ends[1]);
}

/* ---- a set ---- */

/* Does the row name all hosts of the set? Then *all_of_it tells whether the set has all of the row's, too. */
static bool names_set(const struct preset *preset, const struct mxset *set, bool *all_of_it)
{
	size_t rows = 0;

	while (rows < PRESET_MX && preset->mx[rows].host)
		rows++;
	*all_of_it = set->n == rows;
	for (size_t i = 0; i < set->n; i++)
		if (!preset_is_leftover(&set->mx[i].host) && preset_place(preset, &set->mx[i].host) == PRESET_MX)
			return false;
	return true;
}

static const struct preset *best_row(const struct preset *first, const struct mxset *set)
{
	const struct preset *best = NULL;

	for (const struct preset *p = presets; p->name; p++) {
		bool whole;

		if (!preset_same_owner(p, first) || !names_set(p, set, &whole))
			continue;
		if (whole)
			return p;
		best = best ? best : p;
	}
	return best ? best : first;
}

const struct preset *preset_recognise(const struct mxset *set)
{
	return preset_recognise_sieved(NULL, set);
}

const struct preset *preset_recognise_sieved(const struct preset_sieve *sieve, const struct mxset *set)
{
	const struct preset *first = NULL;

	for (size_t i = 0; i < set->n; i++) {
		const struct preset *of;

		if (preset_is_leftover(&set->mx[i].host))
			continue;
		of = preset_of_sieved(sieve, &set->mx[i].host);
		if (!of || (first && !preset_same_owner(first, of)))
			return NULL;
		first = first ? first : of;
	}
	return first ? best_row(first, set) : NULL;
}

/* ---- a set from a row ---- */

static void put(const char *pattern, const char *value, size_t n, struct str *host)
{
	const char *tenant = strstr(pattern, TENANT);

	if (!tenant) {
		str_add(host, pattern);
		return;
	}
	str_add_bytes(host, pattern, (size_t)(tenant - pattern));
	str_add_bytes(host, value, n);
	str_add(host, tenant + strlen(TENANT));
}

/* Letters, digits, hyphens and dots: what a part of a host's name is made of. */
static bool is_part(const char *value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.", value[i]))
			return false;
	return n > 0;
}

static bool take_value(const struct preset *preset, const char **value, size_t *n, struct err *err)
{
	const char *inside;
	size_t len;

	if (preset_is_complete(preset) && *value)
		return err_set(err, ERR_USAGE, N_("the preset \"%s\" takes no value"), preset->name);
	if (preset_is_complete(preset))
		return true;
	if (!*value || !**value) {
		err_set(err, ERR_USAGE, N_("the hosts of %s differ from customer to customer: write \"preset %s %s=VALUE\""), preset->title,
			preset->name, preset->variable);
		if (err && preset->note)
			err->hint = (struct msg){ .id = preset->note };
		return false;
	}
	*n = strlen(*value);
	for (size_t i = 0; i < PRESET_MX && preset->mx[i].host; i++)
		if (fits(preset->mx[i].host, *value, &inside, &len)) {
			*value = inside;
			*n = len;
			break;
		}
	return is_part(*value, *n) || err_set(err, ERR_USAGE, N_("\"%s\" cannot stand in a host's name as %s"), *value, preset->variable);
}

bool preset_fill(const struct preset *preset, const char *value, struct mxset *set, struct err *err)
{
	struct mxset made = { .ttl_s = set->ttl_s };
	size_t n = 0;
	bool ok = take_value(preset, &value, &n, err);

	for (size_t i = 0; ok && i < PRESET_MX && preset->mx[i].host; i++) {
		struct str host;
		struct mx mx;

		str_init(&host, 0);
		put(preset->mx[i].host, value, n, &host);
		mx_set(&mx, preset->mx[i].preference, host.s);
		ok = mx.host.len > 0 || err_set(err, ERR_USAGE, N_("\"%s\" cannot stand in a host's name as %s"), value, preset->variable);
		mxset_add(&made, &mx);
		str_release(&host);
	}
	if (ok) {
		mxset_release(set);
		*set = made;
	} else {
		mxset_release(&made);
	}
	return ok;
}

/* ---- names that are given out no more ---- */

const struct preset_retired *preset_retired(const struct dname *host)
{
	static const struct preset_retired rows[] = {
		{ "googlemail.com", "aspmx", "Google Workspace", false },
		{ "mail.eo.outlook.com", NULL, "Microsoft 365", false },
		{ "psmtp.com", NULL, "Postini", true },
		{ "mxlogic.net", NULL, "McAfee SaaS Email Protection (MX Logic)", true },
	};
	char text[DNAME_TEXT_MAX];

	dname_text(host, text);
	for (size_t i = 0; host->len && i < sizeof(rows) / sizeof(*rows); i++)
		if (is_under(text, strlen(text), rows[i].under) &&
			(!rows[i].first || strncmp(text, rows[i].first, strlen(rows[i].first)) == 0))
			return &rows[i];
	return NULL;
}

const char *preset_kind_name(enum preset_kind kind)
{
	static const char *const kinds[PRESET_KINDS] = { "mailbox", "filter", "forward", "program", "bounce", "none" };

	return kinds[kind];
}

const char *preset_sure_name(enum preset_sure sure)
{
	static const char *const sures[] = { "published", "seen", "memory" };

	return sures[sure];
}
