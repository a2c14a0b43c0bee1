/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_servers.h"

#include "cli/print_document.h"
#include "core/server.h"
#include "core/truth.h"
#include "show/set.h"
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
	struct document document = print_begin(0);

	set_name(facts, &document);
	print_document_as(&document, to, &(struct print_form){ .indent = { 1 } });
}

json_t *print_name_json(const struct facts *facts)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "zone", json_name(&facts->zone), "delegated", fact_json(facts->delegated),
		"wildcard", fact_json(facts->wildcard), "synthesised", fact_json(facts->synthesised), "below_dname",
		fact_json(facts->below_dname), "below_cut", fact_json(facts_below_cut(facts)), "held_zone", json_name(&facts->held.zone));
}
