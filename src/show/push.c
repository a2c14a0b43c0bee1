/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/push.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "show/served.h"
#include "show/translate.h"
#include "base/banned.h"

const char *push_phase_text(enum push_phase phase)
{
	static const char *const texts[] = {
		[PHASE_STARTING] = N_("starting"),
		[PHASE_READING] = N_("reading what the provider holds"),
		[PHASE_PREVIEWED] = N_("ready"),
		[PHASE_WRITING] = N_("writing"),
		[PHASE_READING_BACK] = N_("reading back"),
		[PHASE_WATCHING] = N_("published; asking the name servers"),
		[PHASE_ENDED] = N_("telling the hook command"),
	};

	return texts[phase];
}

static void add_err(const struct err *err, enum role role, const char *symbol, struct document *document)
{
	if (err->code)
		translate_err(document_sentence(document, role, symbol), err);
}

/* What the push does now, or how it ended, in app's words. */
static void add_state(const struct push_view *view, struct document *document)
{
	const struct push *push = view->push;
	bool good = push->state == PUSH_PUBLISHED || push->state == PUSH_UNCHANGED || push->undone;
	struct msg msg = { 0 };

	if (!push_state_msg(push, &msg)) {
		str_add(document_sentence(document, ROLE_PENDING, "…"), _(push_phase_text(push->phase)));
		document->depth++;
		if (push->wait.id)
			document_msg(document, ROLE_PENDING, "", &push->wait);
		document->depth--;
		return;
	}
	document_msg(document, good ? ROLE_OK : ROLE_ERROR, good ? "✔" : "✖", &msg);
	document->depth++;
	if (push_written_msg(push, &msg))
		document_msg(document, ROLE_TEXT, "", &msg);
	if (view->resume && (push->state == PUSH_UNKNOWN || push->state == PUSH_PARTIAL))
		str_addf(
			document_sentence(document, ROLE_TEXT, ""), _("%s reads again what is held, and finishes the push."), view->resume);
	add_err(&push->err, ROLE_ERROR, "", document);
	document->depth--;
}

/* A line of its own each: a request has its own layout. */
static void add_request(const char *request, struct document *document)
{
	document->depth++;
	for (const char *line = request; *line;) {
		size_t len = strcspn(line, "\n");

		text_escape(document_sentence(document, ROLE_DIM, ""), line, len);
		line += len + (line[len] != '\0');
	}
	document->depth--;
}

static struct sign step_sign(const struct push_step *step)
{
	static const struct sign signs[] = {
		[PUSHED_WAITING] = { ROLE_DIM, "·" },
		[PUSHED_SENT] = { ROLE_PENDING, "…" },
		[PUSHED_OK] = { ROLE_OK, "✔" },
		[PUSHED_BAD] = { ROLE_ERROR, "✖" },
		[PUSHED_SKIPPED] = { ROLE_DIM, "·" },
	};

	return signs[step->state];
}

static void add_step(const struct push_step *step, enum push_steps how, struct document *document)
{
	bool dry_run = how != PUSH_STEPS_RUN;
	struct sign sign = dry_run ? (struct sign){ ROLE_TEXT, "·" } : step_sign(step);
	struct str title;

	str_init(&title, 0);
	translate_msg(&title, &step->title);
	if (step->http)
		str_addf(&title, " (HTTP %d)", step->http);
	str_addf(document_sentence(document, sign.role, sign.symbol),
		dry_run                         ? _("would be sent: %s")
		: step->state == PUSHED_WAITING ? _("waiting: %s")
		: step->state == PUSHED_SENT    ? _("sent: %s")
		: step->state == PUSHED_OK      ? _("done: %s")
		: step->state == PUSHED_BAD     ? _("failed: %s")
						: _("skipped: %s"),
		title.s);
	str_release(&title);
	if (how == PUSH_STEPS_WHOLE && step->request)
		add_request(step->request, document);
}

void push_steps_document(const struct push *push, enum push_steps how, struct document *document)
{
	for (size_t i = 0; i < push->n_step; i++)
		add_step(&push->step[i], how, document);
}

void push_held_document(const struct push *push, bool ascii, struct document *document)
{
	struct str text;

	if (push->state != PUSH_PARTIAL && push->state != PUSH_UNKNOWN && push->state != PUSH_ABANDONED)
		return;
	if (!push->held_known) {
		str_add(document_sentence(document, ROLE_WARNING, "?"), _("What the provider holds now could not be read."));
		return;
	}
	str_init(&text, 0);
	translate_ttl(&text, push->held.ttl_s);
	str_addf(document_sentence(document, ROLE_WARNING, "▲"), _("What the provider held when it was read last, with a TTL of %s:"),
		text.s);
	str_release(&text);
	document->depth++;
	for (size_t i = 0; i < push->held.n; i++) {
		struct str *record = document_sentence(document, ROLE_HOST, "");

		str_addf(record, "%u ", push->held.mx[i].preference);
		translate_mx(record, &push->held.mx[i], ascii);
	}
	if (!push->held.n)
		str_add(document_sentence(document, ROLE_HOST, ""), _("no MX record"));
	document->depth--;
}

void push_kind_document(const struct plan *plan, const struct push *preview, struct document *document)
{
	struct msg msg[PUSH_KIND_MSGS];
	struct push_kind kind;
	size_t n = push_kind(plan, preview, &kind) ? push_kind_msgs(&kind, msg) : 0;

	for (size_t i = 0; i < n; i++)
		document_msg(document, ROLE_TEXT, "", &msg[i]);
}

void gates_document(const struct gates *gates, struct document *document)
{
	for (size_t i = 0; i < gates->n; i++) {
		const struct gate *gate = &gates->gate[i];
		struct str reason;

		str_init(&reason, 0);
		translate_msg(&reason, &gate->reason);
		str_addf(gate->overridden ? document_sentence(document, ROLE_WARNING, "▲") : document_sentence(document, ROLE_ERROR, "✖"),
			gate->overridden          ? _("overridden: %s (%s)")
			: gate->answer == GATE_NO ? _("blocks: %s (%s)")
						  : _("blocks, as nobody can tell: %s (%s)"),
			reason.s, gate->id);
		str_release(&reason);
	}
}

/* ---- who has what ---- */

static void add_heads(struct document *document)
{
	document_titles(document);
	document_put(document, ROLE_HEADING, 0, _("Record"));
	document_put(document, ROLE_HEADING, 0, _("Base"));
	document_put(document, ROLE_HEADING, 0, _("Live"));
	document_put(document, ROLE_HEADING, 0, _("Wanted"));
}

static void add_threeway_row(const struct threeway_row *row, bool ascii, struct document *document)
{
	enum role role = row->in_base == row->in_live ? ROLE_TEXT : ROLE_ERROR;
	struct str *cell;

	document_row(document);
	cell = document_cell(document, role, 0, "");
	str_addf(cell, "%u ", row->mx.preference);
	translate_mx(cell, &row->mx, ascii);
	document_put(document, role, 0, row->in_base ? _("yes") : _("no"));
	document_put(document, role, 0, row->in_live ? _("yes") : _("no"));
	document_put(document, role, 0, row->in_want ? _("yes") : _("no"));
}

static void add_ttl(struct document *document, enum role role, size_t n, uint32_t ttl_s)
{
	struct str *cell = document_cell(document, role, 0, "");

	if (!n)
		str_add(cell, _("no"));
	else if (ttl_s == MX_TTL_UNKNOWN)
		str_add(cell, _("not known"));
	else
		str_addf(cell, "%u", ttl_s);
}

void conflict_document(const struct threeway *three, bool ascii, struct document *document)
{
	bool same = !three->n_base == !three->n_live && (!three->n_base || three->ttl_base_s == three->ttl_live_s);
	enum role role = same ? ROLE_TEXT : ROLE_ERROR;

	add_heads(document);
	for (size_t i = 0; i < three->n; i++)
		add_threeway_row(&three->row[i], ascii, document);
	document_row(document);
	document_put(document, role, 0, _("TTL"));
	add_ttl(document, role, three->n_base, three->ttl_base_s);
	add_ttl(document, role, three->n_live, three->ttl_live_s);
	add_ttl(document, role, three->n_want, three->ttl_want_s);
}

/* ---- all of it ---- */

static void add_steps(const struct push *push, struct document *document)
{
	if (push->n_step)
		str_add(document_heading(document), _("The requests"));
	document->depth++;
	push_steps_document(push, PUSH_STEPS_RUN, document);
	if (push->provider_verified)
		str_add(document_sentence(document, ROLE_OK, "✔"), _("done: read back, and it is what was wanted"));
	document->depth--;
}

void push_document(const struct push_view *view, struct document *document)
{
	const struct push *push = view->push;
	struct msg unguarded, blind;

	add_state(view, document);
	gates_document(&push->gates, document);
	push_held_document(push, view->ascii, document);
	if (push_blind_msg(push, &blind))
		document_msg(document, ROLE_WARNING, "", &blind);
	if (push_unguarded_msg(push, &unguarded))
		document_msg(document, ROLE_DIM, "", &unguarded);
	if (push->hook == HOOK_FAILED)
		add_err(&push->hook_err, ROLE_WARNING, "▲", document);
	drain_document(&push->drain, push->safe_at, push->tail_at, view->now, document);
	if (push->served.n)
		str_add(document_heading(document), _("Name servers"));
	document->depth++;
	served_document(&push->served, view->now, view->ascii, document);
	document->depth--;
	if (push->state == PUSH_CONFLICT && push->held_known) {
		str_add(document_heading(document), _("Who has what: in the plan's base, live now, wanted"));
		document->depth++;
		conflict_document(&push->conflict, view->ascii, document);
		document->depth--;
	}
	add_steps(push, document);
}
