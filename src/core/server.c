/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/server.h"

#include "base/i18n.h"
#include "base/banned.h"

enum server_state server_state_of(enum answer mx, bool authoritative)
{
	switch (mx) {
	case ANSWER_PENDING:
		return SERVER_PENDING;
	case ANSWER_DATA:
	case ANSWER_NODATA:
	case ANSWER_NXDOMAIN:
		return authoritative ? SERVER_ANSWERS : SERVER_LAME;
	case ANSWER_SERVFAIL:
	case ANSWER_BROKEN:
		return SERVER_LAME;
	case ANSWER_REFUSED:
		return SERVER_REFUSES;
	case ANSWER_TIMEOUT:
		return SERVER_SILENT;
	case ANSWER_UNREACHABLE:
		return SERVER_UNREACHABLE;
	case ANSWER_UNASKED:
	case ANSWER_KINDS:
		break;
	}
	return SERVER_NOT_ASKED;
}

enum server_state server_state(const struct server_facts *server)
{
	if (server->addr.family)
		return server_state_of(server->mx, server->authoritative);
	if (server->address == ANSWER_PENDING)
		return SERVER_PENDING;
	return server->address == ANSWER_NODATA || server->address == ANSWER_NXDOMAIN ? SERVER_NO_ADDRESS : SERVER_NOT_ASKED;
}

const char *server_state_name(enum server_state state)
{
	static const char *const names[SERVER_STATES] = {
		[SERVER_NOT_ASKED] = "not-asked",
		[SERVER_PENDING] = "not-asked",
		[SERVER_ANSWERS] = "answers",
		[SERVER_SILENT] = "silent",
		[SERVER_UNREACHABLE] = "unreachable",
		[SERVER_REFUSES] = "refuses",
		[SERVER_LAME] = "lame",
		[SERVER_NO_ADDRESS] = "no-address",
	};

	return names[state];
}

const char *server_state_text(enum server_state state)
{
	static const char *const texts[SERVER_STATES] = {
		[SERVER_NOT_ASKED] = N_("not asked"),
		[SERVER_PENDING] = N_("waiting for an answer"),
		[SERVER_ANSWERS] = N_("answers"),
		[SERVER_SILENT] = N_("no answer"),
		[SERVER_UNREACHABLE] = N_("not reachable from here"),
		[SERVER_REFUSES] = N_("refuses to answer"),
		[SERVER_LAME] = N_("no authority for the zone, or it fails"),
		[SERVER_NO_ADDRESS] = N_("its name has no address"),
	};

	return texts[state];
}

/* ---- rows of one name, as one server ---- */

/* Of two addresses of one server, the state that says more of it: an answer before a failure, a failure before nothing. */
static unsigned weight(enum server_state state)
{
	static const unsigned char weights[SERVER_STATES] = {
		[SERVER_NO_ADDRESS] = 0,
		[SERVER_NOT_ASKED] = 1,
		[SERVER_UNREACHABLE] = 2,
		[SERVER_SILENT] = 3,
		[SERVER_REFUSES] = 4,
		[SERVER_LAME] = 5,
		[SERVER_PENDING] = 6,
		[SERVER_ANSWERS] = 7,
	};

	return weights[state];
}

static bool is_first_row(const struct facts *facts, size_t row)
{
	for (size_t i = 0; i < row; i++)
		if (dname_equal(&facts->server[i].name, &facts->server[row].name))
			return false;
	return true;
}

static bool was_asked(enum server_state state)
{
	return state != SERVER_NOT_ASKED && state != SERVER_NO_ADDRESS && state != SERVER_UNREACHABLE;
}

/* The server whose first row is `first`; the rows are few. */
static enum server_state joined(const struct facts *facts, size_t first, const struct mxset *set, struct server_count *count)
{
	enum server_state best = server_state(&facts->server[first]);
	bool differs = false, half = false, tells = false;

	for (size_t i = first; i < facts->n_server; i++) {
		const struct server_facts *row = &facts->server[i];
		enum server_state state = server_state(row);

		if (!dname_equal(&row->name, &facts->server[first].name))
			continue;
		if (weight(state) > weight(best))
			best = state;
		half |= state != SERVER_ANSWERS && was_asked(state);
		if (state != SERVER_ANSWERS || row->elsewhere || !set)
			continue;
		tells = true;
		differs |= !mxset_matches(set, &row->set);
	}
	if (best == SERVER_ANSWERS) {
		count->half += half;
		count->differ += differs;
		count->agree += tells && !differs;
	}
	return best;
}

void servers_count(const struct facts *facts, const struct mxset *set, struct server_count *count)
{
	*count = (struct server_count){ 0 };
	for (size_t i = 0; i < facts->n_server; i++) {
		enum server_state state;

		if (!is_first_row(facts, i))
			continue;
		state = joined(facts, i, set, count);
		count->servers++;
		count->by_state[state]++;
		count->asked += was_asked(state);
	}
}

/* ---- in words ---- */

bool server_trouble_text(const struct server_facts *row, struct msg *msg)
{
	char name[DNAME_TEXT_MAX], address[ADDR_TEXT_MAX];

	dname_show(&row->name, name);
	addr_text(&row->addr, address);
	switch (server_state(row)) {
	case SERVER_SILENT:
		msg_set(msg, N_("no answer from %s (%s)"), name, address);
		return true;
	case SERVER_UNREACHABLE:
		msg_set(msg, N_("%s (%s) cannot be reached from here"), name, address);
		return true;
	case SERVER_REFUSES:
		msg_set(msg, N_("%s (%s) refuses to answer"), name, address);
		return true;
	case SERVER_LAME:
		msg_set(msg, N_("%s (%s) is no authority for the zone, or fails"), name, address);
		return true;
	case SERVER_NO_ADDRESS:
		msg_set(msg, N_("the name server %s has no address"), name);
		return true;
	default:
		return false;
	}
}

void servers_trouble_text(const struct facts *facts, size_t skip, struct msg *msg)
{
	for (size_t i = 0; i < facts->n_server; i++)
		if (server_trouble_text(&facts->server[i], msg) && skip-- == 0)
			return;
	*msg = (struct msg){ 0 };
}

void servers_agree_text(const struct facts *facts, const struct mxset *set, struct msg *msg)
{
	struct server_count count;
	size_t answer;

	*msg = (struct msg){ 0 };
	servers_count(facts, set, &count);
	answer = count.by_state[SERVER_ANSWERS];
	if (!count.servers)
		return;
	if (answer == count.servers)
		msg_set_n(msg, (unsigned long)answer, NP_("%zu of %zu name server agrees", "%zu of %zu name servers agree"), count.agree,
			answer);
	else if (answer)
		msg_set_n(msg, (unsigned long)answer,
			NP_("%zu of %zu name server that answered agrees, of %zu in all",
				"%zu of %zu name servers that answered agree, of %zu in all"),
			count.agree, answer, count.servers);
	else if (count.by_state[SERVER_PENDING])
		msg_set(msg, N_("no name server has answered yet"));
	else if (count.by_state[SERVER_NOT_ASKED] == count.servers)
		msg_set(msg, facts->source == SOURCE_SERVER ? N_("no other name server was asked") : N_("no name server was asked"));
	else
		servers_trouble_text(facts, 0, msg);
}
