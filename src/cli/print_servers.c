/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_servers.h"

#include "base/i18n.h"
#include "core/server.h"
#include "core/truth.h"
#include "base/banned.h"

static json_t *records_json(const struct mxset *set)
{
	json_t *list = json_array();
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < set->n; i++)
		json_array_append_new(list, json_pack("{s:I, s:o}", "preference", (json_int_t)set->mx[i].preference, "host",
						    json_text(mx_host_text(&set->mx[i], text))));
	return list;
}

static json_t *server_json(const struct facts *facts, const struct server_facts *server)
{
	enum server_state state = server_state(server);
	bool told = state == SERVER_ANSWERS && !server->elsewhere;
	json_t *agrees = told && truth_tells(facts->mx) ? json_boolean(truth_agrees(facts, server)) : json_null();
	char text[ADDR_TEXT_MAX];

	return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:O, s:o}", "server", json_name(&server->name), "address",
		server->addr.family ? json_string(addr_text(&server->addr, text)) : json_null(), "state", server_state_name(state), "ttl",
		told && server->set.n ? json_integer(server->set.ttl_s) : json_null(), "serial",
		server->soa == ANSWER_DATA ? json_integer(server->serial) : json_null(), "records",
		told ? records_json(&server->set) : json_null(), "agrees", agrees, "matches", agrees);
}

json_t *print_servers_json(const struct facts *facts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < facts->n_server; i++)
		json_array_append_new(list, server_json(facts, &facts->server[i]));
	return list;
}

static json_t *fact_json(enum fact fact)
{
	return fact == FACT_UNKNOWN ? json_null() : json_boolean(fact == FACT_YES);
}

void print_name(FILE *to, const struct facts *facts)
{
	char name[DNAME_TEXT_MAX], held[DNAME_TEXT_MAX];

	if (facts_below_cut(facts) == FACT_YES)
		print(to, N_(" The name lies in the zone %s, which is delegated away from %s: what account %s holds for it is not seen."),
			dname_show(&facts->zone, name), dname_show(&facts->held.zone, held), facts->held.account);
	if (facts->delegated == FACT_NO)
		print(to, N_(" The zone is not delegated: its parent names no server for it, so nobody finds what it holds."));
	if (facts->below_dname == FACT_YES)
		print(to, N_(" The name lies below a DNAME: no record can stand at it (RFC 6672)."));
	if (facts->synthesised == FACT_YES && facts->wildcard_name.len)
		print(to, N_(" These records are those of the wildcard %s; a record of the name's own takes their place."),
			dname_show(&facts->wildcard_name, name));
	else if (facts->synthesised == FACT_YES)
		print(to, N_(" These records are a wildcard's; a record of the name's own takes their place."));
	else if (facts->wildcard == FACT_YES)
		print(to, N_(" A wildcard would answer for this name, if nothing stood at it or below it."));
}

json_t *print_name_json(const struct facts *facts)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "zone", json_name(&facts->zone), "delegated", fact_json(facts->delegated),
		"wildcard", fact_json(facts->wildcard), "synthesised", fact_json(facts->synthesised), "below_dname",
		fact_json(facts->below_dname), "below_cut", fact_json(facts_below_cut(facts)), "held_zone", json_name(&facts->held.zone));
}

void print_servers_count(struct str *out, const struct facts *facts)
{
	struct msg msg;

	servers_agree_text(facts, truth_tells(facts->mx) ? &facts->live : NULL, &msg);
	if (msg.id)
		msg_format(&msg, &translate_tongue, out);
}

void print_servers_trouble(const struct facts *facts)
{
	struct server_count count;
	struct msg msg;

	servers_count(facts, NULL, &count);
	/* Where none answered, the first of them stands in the head already. */
	for (size_t skip = count.by_state[SERVER_ANSWERS] || count.by_state[SERVER_PENDING] ? 0 : 1;; skip++) {
		struct str line;

		servers_trouble_text(facts, skip, &msg);
		if (!msg.id)
			return;
		str_init(&line, 0);
		str_add(&line, " ");
		msg_format(&msg, &translate_tongue, &line);
		puts(line.s);
		str_release(&line);
	}
}
