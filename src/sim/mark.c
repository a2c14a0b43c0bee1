/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks as people write and read them. */
#include "sim/state.h"

#include <string.h>

#include "base/i18n.h"

#include "base/banned.h"

#define MARK_TEXT_MAX 1100

static bool host_in(const struct mxset *set, const struct facts *facts, const struct dname *name)
{
	if (mxset_find(set, name) < set->n)
		return true;
	return set->n == 0 && dname_equal(name, &facts->domain);
}

/* Adds text to a list of at most MSG_ARG_MAX bytes. */
static void candidate(struct str *list, const char *text)
{
	if (list->len > 0)
		str_add(list, ", ");
	str_add(list, text);
}

static bool refuse_host(const char *text, const struct mxset *set, const struct facts *facts, struct err *err)
{
	struct str list;
	char name[DNAME_TEXT_MAX];

	str_init(&list, MSG_ARG_MAX);
	for (size_t i = 0; i < set->n; i++) {
		if (i == 0 || !dname_equal(&set->mx[i].host, &set->mx[i - 1].host))
			candidate(&list, mx_host_text(&set->mx[i], name));
	}
	if (set->n == 0)
		candidate(&list, dname_text(&facts->domain, name));
	err_set(err, ERR_USAGE, N_("%s is not a host of the MX set"), text);
	err_hint(err, N_("The hosts are: %s"), list.s);
	str_release(&list);
	return false;
}

static bool refuse_address(const char *text, const struct mxset *set, const struct facts *facts, struct err *err)
{
	struct str list;
	char addr[ADDR_TEXT_MAX];

	str_init(&list, MSG_ARG_MAX);
	for (size_t i = 0; i < facts->n_host; i++) {
		if (!host_in(set, facts, &facts->host[i].host))
			continue;
		for (size_t j = 0; j < facts->host[i].n_addr; j++)
			candidate(&list, addr_text(&facts->host[i].addr[j], addr));
	}
	err_set(err, ERR_USAGE, N_("No host of the MX set has the address %s"), text);
	if (list.len > 0)
		err_hint(err, N_("The addresses are: %s"), list.s);
	str_release(&list);
	return false;
}

static bool serves(const struct facts *facts, const struct dname *name)
{
	for (size_t i = 0; i < facts->n_zone; i++) {
		for (size_t j = 0; j < facts->zones[i].n_ns; j++) {
			if (dname_equal(&facts->zones[i].name_server[j], name))
				return true;
		}
	}
	return false;
}

static bool refuse_server(const char *text, const struct facts *facts, struct err *err)
{
	struct str list;
	char name[DNAME_TEXT_MAX];

	str_init(&list, MSG_ARG_MAX);
	for (size_t i = 0; i < facts->n_zone; i++) {
		for (size_t j = 0; j < facts->zones[i].n_ns; j++) {
			dname_text(&facts->zones[i].name_server[j], name);
			if (!strstr(list.s, name))
				candidate(&list, name);
		}
	}
	err_set(err, ERR_USAGE, N_("%s is not a name server of a zone that the mail depends on"), text);
	if (list.len > 0)
		err_hint(err, N_("The name servers are: %s"), list.s);
	else
		err_hint(err, N_("No name server of such a zone is known."));
	str_release(&list);
	return false;
}

/* A zone above the domain or one of its hosts, or one that is known to be looked into. */
static bool zone_matters(const struct mxset *set, const struct facts *facts, const struct dname *zone)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct host_facts *host = facts_host(facts, &set->mx[i].host);

		if (dname_under(&set->mx[i].host, zone))
			return true;
		for (size_t j = 0; host && j < host->n_alias; j++) {
			if (dname_under(&host->alias[j], zone))
				return true;
		}
	}
	for (size_t i = 0; i < facts->n_zone; i++) {
		if (dname_equal(&facts->zones[i].apex, zone))
			return true;
	}
	return dname_under(&facts->domain, zone);
}

static bool refuse_zone(const char *text, const struct mxset *set, const struct facts *facts, struct err *err)
{
	struct str list;
	char name[DNAME_TEXT_MAX];

	str_init(&list, MSG_ARG_MAX);
	candidate(&list, dname_text(&facts->domain, name));
	for (size_t i = 0; i < set->n; i++) {
		if (i == 0 || !dname_equal(&set->mx[i].host, &set->mx[i - 1].host))
			candidate(&list, mx_host_text(&set->mx[i], name));
	}
	err_set(err, ERR_USAGE, N_("%s is not a zone that the mail depends on"), text);
	err_hint(err, N_("These names are looked up: %s"), list.s);
	str_release(&list);
	return false;
}

static bool addresses_in(const struct mark *mark, const struct mxset *set, const struct facts *facts)
{
	for (size_t i = 0; i < facts->n_host; i++) {
		if (!host_in(set, facts, &facts->host[i].host))
			continue;
		for (size_t j = 0; j < facts->host[i].n_addr; j++) {
			if (addr_in(&facts->host[i].addr[j], &mark->addr, mark->bits))
				return true;
		}
	}
	return false;
}

static bool parse_bits(const char *text, unsigned max, uint8_t *bits)
{
	unsigned value = 0;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && at - text < 3; at++)
		value = value * 10 + (unsigned)(*at - '0');
	if (at == text || *at || value > max)
		return false;
	*bits = (uint8_t)value;
	return true;
}

/* "192.0.2.0/24" or "192.0.2.10" */
static bool parse_net(struct mark *mark, char *text, struct err *err)
{
	char *slash = strchr(text, '/');
	bool good;

	if (!slash) {
		mark->kind = MARK_ADDRESS;
		return addr_parse(&mark->addr, text);
	}
	*slash = '\0';
	mark->kind = MARK_NET;
	good = addr_parse(&mark->addr, text) && parse_bits(slash + 1, mark->addr.family == 6 ? 128 : 32, &mark->bits);
	*slash = '/';
	if (!good) {
		err_set(err, ERR_USAGE, N_("%s is not a network"), text);
		err_hint(err, N_("Write it like 192.0.2.0/24 or 2001:db8::/48."));
	}
	return good;
}

static bool parse_family(struct mark *mark, const char *text)
{
	static const struct {
		const char *text;
		uint8_t family;
	} words[] = {
		{ "v4", 4 },
		{ "v6", 6 },
		{ "IPv4", 4 },
		{ "IPv6", 6 },
		{ "ipv4", 4 },
		{ "ipv6", 6 },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i].text, text) == 0) {
			mark->kind = MARK_FAMILY;
			mark->family = words[i].family;
			return true;
		}
	}
	return false;
}

static bool refuse_state(const char *text, struct err *err)
{
	struct str list;

	str_init(&list, MSG_ARG_MAX);
	for (size_t i = 0; i < SIM_STATES; i++)
		candidate(&list, sim_states[i].name);
	err_set(err, ERR_USAGE, N_("%s is not a state"), text);
	err_hint(err, N_("The states are: %s"), list.s);
	str_release(&list);
	return false;
}

/* What is meant, without its state; the given state chooses between the domain's lookup and the domain as a host. */
static bool parse_thing(struct mark *mark, char *text, const struct facts *facts, const struct mxset *set, struct err *err)
{
	bool of_name = sim_states[mark->state].of_name;
	struct addr addr;

	if (parse_family(mark, text))
		return true;
	if (strncmp(text, "zone:", 5) == 0) {
		mark->kind = MARK_ZONE;
		return dname_parse(&mark->name, text + 5, err) &&
		       (zone_matters(set, facts, &mark->name) || refuse_zone(text + 5, set, facts, err));
	}
	if (strncmp(text, "ns:", 3) == 0) {
		mark->kind = MARK_SERVER;
		return dname_parse(&mark->name, text + 3, err) && (serves(facts, &mark->name) || refuse_server(text + 3, facts, err));
	}
	if (strchr(text, '/') || addr_parse(&addr, text)) {
		if (!parse_net(mark, text, err))
			return false;
		if (mark->kind == MARK_ADDRESS)
			mark->bits = mark->addr.family == 6 ? 128 : 32;
		return addresses_in(mark, set, facts) || refuse_address(text, set, facts, err);
	}
	if (!dname_parse(&mark->name, text, err))
		return false;
	mark->kind = MARK_HOST;
	if (dname_equal(&mark->name, &facts->domain) && (of_name || !host_in(set, facts, &mark->name))) {
		mark->kind = MARK_DOMAIN;
		return true;
	}
	return host_in(set, facts, &mark->name) || refuse_host(text, set, facts, err);
}

static bool server_mark(struct mark *made, bool given, const char *failure, struct err *err)
{
	if (!given)
		made->state = SIM_DNS_TIMEOUT;
	else if (made->state != SIM_UP && made->state != SIM_SERVFAIL && made->state != SIM_DNS_TIMEOUT)
		return err_set(err, ERR_USAGE, N_("%s is a name server: only servfail and dns-timeout fit it"), failure);
	return true;
}

bool mark_parse(struct mark *mark, const char *text, const struct facts *facts, const struct mxset *set, struct err *err)
{
	struct mark made = { .state = SIM_REFUSED };
	const char *equals = strrchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	char failure[MARK_TEXT_MAX];
	bool of_name;

	if (len >= sizeof failure)
		return err_set(err, ERR_USAGE, N_("%s is too long"), text);
	memcpy(failure, text, len);
	failure[len] = '\0';
	if (equals && !sim_state_parse(equals + 1, &made.state))
		return refuse_state(equals + 1, err);
	if (!parse_thing(&made, failure, facts, set, err))
		return false;
	of_name = sim_states[made.state].of_name;
	if (made.kind == MARK_SERVER)
		return server_mark(&made, equals != NULL, failure, err) && (*mark = made, true);
	if (made.kind == MARK_DOMAIN || made.kind == MARK_ZONE) {
		if (!equals)
			made.state = SIM_SERVFAIL;
		else if (made.kind == MARK_DOMAIN && !of_name && made.state != SIM_UP)
			return err_set(err, ERR_USAGE, N_("%s is not a mail server here: only nxdomain, servfail and dns-timeout fit it"),
				failure);
	} else if (made.kind != MARK_HOST && of_name) {
		return err_set(err, ERR_USAGE, N_("%s is an address: the state %s fits names only"), failure, sim_states[made.state].name);
	}
	*mark = made;
	return true;
}

void mark_text(const struct mark *mark, struct str *out)
{
	char name[DNAME_TEXT_MAX];
	char addr[ADDR_TEXT_MAX];

	switch (mark->kind) {
	case MARK_HOST:
	case MARK_DOMAIN:
		str_add(out, dname_text(&mark->name, name));
		break;
	case MARK_ZONE:
		str_addf(out, "zone %s", dname_text(&mark->name, name));
		break;
	case MARK_ADDRESS:
		str_add(out, addr_text(&mark->addr, addr));
		break;
	case MARK_NET:
		str_addf(out, "%s/%u", addr_text(&mark->addr, addr), mark->bits);
		break;
	case MARK_SERVER:
		str_addf(out, "ns:%s", dname_text(&mark->name, name));
		break;
	case MARK_FAMILY:
		str_add(out, mark->family == 6 ? "IPv6" : "IPv4");
		break;
	}
}

void mark_argument(const struct mark *mark, struct str *out)
{
	char name[DNAME_TEXT_MAX];

	if (mark->kind == MARK_ZONE)
		str_addf(out, "zone:%s", dname_text(&mark->name, name));
	else
		mark_text(mark, out);
}
