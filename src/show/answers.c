/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/answers.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/server.h"
#include "core/truth.h"
#include "show/translate.h"
#include "base/banned.h"

#define ANSWER_SETS 26

struct answers { /* the different sets that somebody has; borrowed from the facts */
	const struct facts *facts;
	int64_t now;
	bool ascii;
	size_t n;
	const struct mxset *set[ANSWER_SETS];
};

enum teller { TELLER_HELD, TELLER_SERVER, TELLER_CACHE };

struct told { /* a row */
	enum teller teller;
	const struct server_facts *server; /* of TELLER_SERVER */
	enum answer mx;                    /* how the lookup went */
	const struct mxset *set;           /* NULL: it told none */
};

static bool same_set(const struct mxset *a, const struct mxset *b)
{
	return a->ttl_s == MX_TTL_UNKNOWN ? mxset_matches(a, b) : b->ttl_s == MX_TTL_UNKNOWN ? mxset_matches(b, a) : mxset_equal(a, b);
}

/* The letter of a set among the answers. Of a cache the records alone are compared: its TTL counts down. */
static size_t letter_of(const struct answers *answers, const struct mxset *set, bool records_alone)
{
	size_t i = 0;

	while (i < answers->n && !(records_alone ? mxset_same_records(answers->set[i], set) : same_set(answers->set[i], set)))
		i++;
	return i;
}

static void add_set(struct answers *answers, const struct mxset *set, bool records_alone)
{
	if (letter_of(answers, set, records_alone) == answers->n && answers->n < ANSWER_SETS)
		answers->set[answers->n++] = set;
}

static bool has_held(const struct facts *facts)
{
	return facts->held.mx != ANSWER_UNASKED;
}

static bool has_cache(const struct facts *facts)
{
	return facts->cached.mx != ANSWER_UNASKED;
}

size_t answers_rows(const struct facts *facts)
{
	return has_held(facts) + facts->n_server + has_cache(facts);
}

static void look(const struct facts *facts, size_t row, struct told *told)
{
	const struct server_facts *server;

	*told = (struct told){ .teller = TELLER_HELD };
	if (has_held(facts) && row-- == 0) {
		told->mx = facts->held.mx;
		told->set = truth_tells(told->mx) ? &facts->held.set : NULL;
		return;
	}
	if (row >= facts->n_server) {
		told->teller = TELLER_CACHE;
		told->mx = facts->cached.mx;
		told->set = truth_tells(told->mx) ? &facts->cached.set : NULL;
		return;
	}
	server = &facts->server[row];
	*told = (struct told){ .teller = TELLER_SERVER, .server = server, .mx = server->mx };
	told->set = server_state(server) == SERVER_ANSWERS && !server->elsewhere ? &server->set : NULL;
}

static void gather(struct answers *answers, const struct facts *facts, int64_t now, bool ascii)
{
	size_t rows = answers_rows(facts);

	*answers = (struct answers){ .facts = facts, .now = now, .ascii = ascii };
	if (truth_tells(facts->mx))
		add_set(answers, &facts->live, false);
	for (size_t i = 0; i < rows; i++) {
		struct told told;

		look(facts, i, &told);
		if (told.set)
			add_set(answers, told.set, told.teller == TELLER_CACHE);
	}
}

/* ---- a row ---- */

static void add_escaped(struct str *out, const char *text)
{
	text_escape(out, text, strlen(text));
}

static void add_who(const struct answers *answers, const struct told *told, struct document *document)
{
	const struct facts *facts = answers->facts;
	struct str *cell = document_cell(document, ROLE_TEXT, 0, "");
	struct str name;
	char address[ADDR_TEXT_MAX];

	str_init(&name, 0);
	switch (told->teller) {
	case TELLER_HELD:
		add_escaped(&name, facts->held.account);
		str_addf(cell, _("account %s"), name.s);
		break;
	case TELLER_SERVER:
		translate_name(cell, &told->server->name, answers->ascii);
		break;
	case TELLER_CACHE:
		add_escaped(&name, facts->source_name);
		if (facts->source == SOURCE_SERVER)
			str_addf(cell, _("server %s"), name.s);
		else if (facts->source == SOURCE_ZONE)
			str_addf(cell, _("zone %s"), name.s);
		else if (name.len)
			str_addf(cell, _("resolver %s"), name.s);
		else
			str_add(cell, _("the system's resolver"));
		break;
	}
	str_release(&name);
	cell = document_cell(document, ROLE_ADDRESS, 1, "");
	if (told->server && told->server->addr.family)
		str_add(cell, addr_text(&told->server->addr, address));
}

/* Says why the server told no set. */
static void add_silence(const struct told *told, struct document *document)
{
	bool server = told->teller == TELLER_SERVER;
	enum server_state state = server ? server_state(told->server) : SERVER_NOT_ASKED;
	bool pending = server ? state == SERVER_PENDING : told->mx == ANSWER_PENDING;
	bool unasked = server ? state == SERVER_NOT_ASKED : told->mx == ANSWER_UNASKED;
	struct sign sign = pending   ? (struct sign){ ROLE_PENDING, "…" }
			   : unasked ? (struct sign){ ROLE_DIM, "·" }
				     : (struct sign){ ROLE_WARNING, "▲" };

	if (server && told->server->elsewhere)
		str_add(document_cell(document, ROLE_WARNING, 0, "?"), _("an alias"));
	else
		str_add(document_sign(document, sign, 0), server ? _(server_state_text(state)) : _(answer_name(told->mx)));
}

static void add_set_word(const struct answers *answers, const struct told *told, struct document *document)
{
	size_t letter;
	struct str *cell;

	if (!told->set) {
		add_silence(told, document);
		return;
	}
	letter = letter_of(answers, told->set, told->teller == TELLER_CACHE);
	cell = document_sign(document, letter ? (struct sign){ ROLE_WARNING, "▲" } : (struct sign){ ROLE_OK, "✔" }, 0);
	if (!told->set->n)
		str_add(cell, _("no record"));
	else if (letter == answers->n)
		str_add(cell, _("another set"));
	else
		str_addf(cell, _("set %c"), (char)('A' + (int)letter));
}

static void add_more(const struct answers *answers, const struct told *told, struct document *document)
{
	const struct facts *facts = answers->facts;
	struct str *cell = document_cell(document, ROLE_DIM, 2, "");
	struct truth truth;
	struct str left;

	if (told->teller == TELLER_HELD && told->set) {
		translate_ago(cell, answers->now - facts->held.at);
	} else if (told->teller == TELLER_SERVER && told->server->soa == ANSWER_DATA) {
		str_addf(cell, _("serial %u"), told->server->serial);
	} else if (told->teller == TELLER_CACHE && told->set && facts->source == SOURCE_RESOLVER) {
		truth_look(&truth, facts, answers->now);
		str_init(&left, 0);
		translate_left(&left, truth.cache_left_s);
		if (truth.cache_left_s)
			str_addf(cell, _("gone in %s"), left.s);
		else
			str_add(cell, _("run out"));
		str_release(&left);
	}
}

static void add_row(const struct answers *answers, const struct told *told, struct document *document)
{
	document_row(document);
	add_who(answers, told, document);
	add_set_word(answers, told, document);
	add_more(answers, told, document);
}

void answers_document(const struct facts *facts, int64_t now, bool ascii, struct document *document)
{
	size_t rows = answers_rows(facts);
	struct answers answers;

	gather(&answers, facts, now, ascii);
	for (size_t i = 0; i < rows; i++) {
		struct told told;

		look(facts, i, &told);
		document->item = (int)i;
		add_row(&answers, &told, document);
	}
	document->item = -1;
}

/* ---- one in full ---- */

static void add_record(const struct mx *mx, enum role role, const char *symbol, bool ascii, struct document *document)
{
	document_row(document);
	str_addf(document_cell(document, role, 0, symbol), "%u", mx->preference);
	translate_mx(document_cell(document, role, 0, ""), mx, ascii);
}

static void add_records(const struct mxset *set, const struct mxset *live, bool ascii, struct document *document)
{
	for (size_t i = 0; i < set->n; i++) {
		bool both = !live || mxset_has(live, &set->mx[i]);

		add_record(&set->mx[i], both ? ROLE_TEXT : ROLE_WARNING, both ? "" : "+", ascii, document);
	}
	for (size_t i = 0; live && i < live->n; i++)
		if (!mxset_has(set, &live->mx[i]))
			add_record(&live->mx[i], ROLE_WARNING, "-", ascii, document);
}

void answers_one(const struct facts *facts, size_t row, int64_t now, bool ascii, struct document *document)
{
	const struct mxset *live = truth_tells(facts->mx) ? &facts->live : NULL;
	struct answers answers;
	struct told told;
	struct str ttl;
	struct msg msg;

	look(facts, row, &told);
	gather(&answers, facts, now, ascii);
	add_row(&answers, &told, document);
	if (told.server && server_trouble_text(told.server, &msg))
		document_msg(document, ROLE_WARNING, "▲", &msg);
	if (!told.set)
		return;
	if (told.set->n && told.teller != TELLER_CACHE) {
		str_init(&ttl, 0);
		translate_ttl(&ttl, told.set->ttl_s);
		str_addf(document_sentence(document, live && live->n && !same_set(live, told.set) ? ROLE_WARNING : ROLE_TEXT, ""),
			_("TTL %s"), ttl.s);
		str_release(&ttl);
	}
	add_records(told.set, live, ascii, document);
	if (live && letter_of(&answers, told.set, told.teller == TELLER_CACHE))
		str_add(document_sentence(document, ROLE_DIM, ""), _("+ is only in this set, - only in the one that the ladder shows."));
}
