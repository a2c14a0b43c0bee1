/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit.h"

#include <stdlib.h>

#include "app/look.h"
#include "base/mem.h"
#include "io/dns_cache.h"
#include "base/banned.h"

#define KEPT 4096          /* lines that wait for an earlier one, in order */
#define TAKEN_AT_ONCE 1000 /* names, before other things have their turn ... */
#define TAKEN_MS 4         /* ... or so long; a zone file's answers come with the question */
#define FORGET_AFTER 20000 /* domains, between two times that the shared answers are dropped */

struct slot { /* a domain in hand */
	struct audit *audit;
	struct slot *next; /* of the free ones */
	size_t number;
	struct dname domain;
	bool looks; /* one of the two; neither: free */
	struct survey *survey;
	struct look *look;   /* these two are kept for the next domain */
	struct facts *facts; /* of the survey */
	struct loop_handle *end;
};

struct audit {
	struct app *app;
	struct audit_options options;
	struct audit_face face;
	struct facts looked; /* of one look after the other */
	struct exchanges *exchanges;
	struct dns_validator *validator; /* of all surveys; NULL until one begins, and where nothing comes from a resolver */
	struct slot *slot, *free;
	size_t taken, told, running, since_forgotten;
	struct str line; /* the one at hand */
	char **kept;     /* by number modulo KEPT, in order: those that wait */
	bool stopped, deaf, later, waiting;
	struct loop_handle *soon;
};

static void pump_now(void *data);
static void pump(struct audit *audit);

static void pump_soon(struct audit *audit)
{
	if (!audit->soon)
		audit->soon = loop_after(audit->app->loop, 0, pump_now, audit);
}

/* ---- telling ---- */

static void tell(struct audit *audit, const char *line)
{
	audit->told++;
	if (!audit->deaf && !audit->face.tell(audit->face.data, line))
		audit->deaf = audit->stopped = true;
}

/* The one at hand. */
static void take_line(struct audit *audit, size_t number)
{
	if (!audit->options.ordered) {
		tell(audit, audit->line.s);
		return;
	}
	audit->kept[number % KEPT] = mem_copy(audit->line.s, audit->line.len + 1);
	while (audit->told < audit->taken && audit->kept[audit->told % KEPT]) {
		char **next = &audit->kept[audit->told % KEPT];

		tell(audit, *next);
		free(*next);
		*next = NULL;
	}
}

/* ---- one domain ---- */

static void release(struct slot *slot)
{
	struct audit *audit = slot->audit;

	if (slot->looks)
		look_stop(slot->look);
	survey_free(slot->survey);
	slot->looks = false;
	slot->survey = NULL;
	loop_cancel(slot->end);
	slot->end = NULL;
	if (slot->facts)
		facts_release(slot->facts);
	slot->next = audit->free;
	audit->free = slot;
	audit->running--;
}

static void write_line(const struct slot *slot)
{
	struct audit *audit = slot->audit;
	struct facts *facts = slot->survey ? slot->facts : &audit->looked;

	if (!slot->survey) {
		facts_reset(facts, &slot->domain);
		look_read(slot->look, facts);
	}
	str_clear(&audit->line);
	audit->face.known(audit->face.data, facts, &audit->line);
}

/* Of a look; a survey is still at work when it says so, and ends a moment later. */
static void ended(void *data)
{
	struct slot *slot = data;
	struct audit *audit = slot->audit;

	loop_cancel(slot->end);
	slot->end = NULL;
	write_line(slot);
	release(slot);
	take_line(audit, slot->number);
	pump(audit);
}

static void timed_out(void *data)
{
	struct slot *slot = data;

	slot->end = NULL; /* dead when it comes */
	ended(slot);
}

static void survey_ended(void *data)
{
	struct slot *slot = data;

	loop_cancel(slot->end);
	slot->end = loop_after(slot->audit->app->loop, 0, timed_out, slot);
}

static void moved(void *data, bool finished)
{
	if (finished)
		survey_ended(data);
}

/* Who needs more than the set has a whole survey. */
static unsigned needs_of(const struct audit *audit, const struct dname *domain)
{
	unsigned more = audit->options.more ? audit->options.more(audit->face.data, domain) : 0;

	return more ? (audit->options.needs | more) & ~SURVEY_SET_ALONE : audit->options.needs;
}

static bool is_look(const struct audit *audit, unsigned needs)
{
	return needs == (SURVEY_SET_ALONE | NEEDS_HOSTS) && !audit->app->world && !audit->app->has_server;
}

static void begin_look(struct slot *slot)
{
	struct audit *audit = slot->audit;

	if (!slot->look)
		slot->look = look_new(audit->app, audit->exchanges);
	slot->looks = true;
	look_start(slot->look, &slot->domain, ended, slot);
}

static void begin_survey(struct slot *slot, unsigned needs)
{
	struct audit *audit = slot->audit;

	if (!slot->facts)
		slot->facts = mem_alloc(sizeof(*slot->facts));
	facts_init(slot->facts, &slot->domain);
	if (!audit->validator && !audit->app->world)
		audit->validator = dns_validator_new(app_answers(audit->app));
	slot->survey = survey_start_by(audit->app, audit->validator, &(struct survey_want){ slot->facts, NULL, needs }, moved, slot);
	if (!survey_running(slot->survey))
		survey_ended(slot);
}

static void begin(struct audit *audit, const struct dname *domain)
{
	unsigned needs = needs_of(audit, domain);
	struct slot *slot = audit->free;

	audit->free = slot->next;
	audit->running++;
	slot->number = audit->taken;
	slot->domain = *domain;
	slot->end = loop_after(audit->app->loop, audit->options.domain_ms, timed_out, slot);
	if (is_look(audit, needs))
		begin_look(slot);
	else
		begin_survey(slot, needs);
	if (++audit->since_forgotten >= FORGET_AFTER) {
		audit->since_forgotten = 0;
		dns_cache_forget(audit->app->answers);
		exchanges_forget(audit->exchanges);
	}
}

/* ---- from the first to the last ---- */

static bool has_room(const struct audit *audit)
{
	return audit->free && (!audit->options.ordered || audit->taken - audit->told < KEPT);
}

static void pump(struct audit *audit)
{
	size_t most = audit->taken + TAKEN_AT_ONCE;
	uint64_t began = loop_coarse_ms();

	while (!audit->stopped && !audit->later && has_room(audit)) {
		struct dname domain;

		if (audit->taken >= most || loop_coarse_ms() - began >= TAKEN_MS) {
			pump_soon(audit);
			return;
		}
		str_clear(&audit->line);
		switch (audit->face.next(audit->face.data, &domain, &audit->line)) {
		case AUDIT_NAME:
			begin(audit, &domain);
			audit->taken++;
			break;
		case AUDIT_LINE:
			audit->taken++;
			take_line(audit, audit->taken - 1);
			break;
		case AUDIT_LATER:
			audit->later = true;
			break;
		case AUDIT_END:
			audit->stopped = true;
			break;
		}
	}
	if (audit->waiting && audit->stopped && (!audit->running || audit->deaf))
		loop_stop(audit->app->loop);
}

static void pump_now(void *data)
{
	struct audit *audit = data;

	audit->soon = NULL;
	pump(audit);
}

void audit_more(struct audit *audit)
{
	audit->later = false;
	pump_soon(audit);
}

void audit_stop(struct audit *audit)
{
	audit->stopped = true;
	pump_soon(audit);
}

struct audit_count audit_count(const struct audit *audit)
{
	return (struct audit_count){ audit->told, audit->running };
}

struct audit *audit_start(struct app *app, const struct audit_options *options, const struct audit_face *face)
{
	struct audit *audit = mem_alloc(sizeof(*audit));

	audit->app = app;
	audit->options = *options;
	audit->face = *face;
	audit->exchanges = exchanges_new(app);
	audit->slot = mem_alloc(options->width * sizeof(*audit->slot));
	str_init(&audit->line, 0);
	audit->kept = options->ordered ? mem_alloc(KEPT * sizeof(*audit->kept)) : NULL;
	for (size_t i = options->width; i-- > 0;) {
		audit->slot[i].audit = audit;
		audit->slot[i].next = audit->free;
		audit->free = &audit->slot[i];
	}
	pump_soon(audit);
	return audit;
}

void audit_wait(struct audit *audit)
{
	audit->waiting = true;
	if (audit->soon || audit->running || audit->later)
		loop_run(audit->app->loop);
	audit->waiting = false;
}

void audit_free(struct audit *audit)
{
	if (!audit)
		return;
	loop_cancel(audit->soon);
	for (size_t i = 0; i < audit->options.width; i++) {
		if (audit->slot[i].survey || audit->slot[i].looks)
			release(&audit->slot[i]);
		look_free(audit->slot[i].look);
		free(audit->slot[i].facts);
	}
	for (size_t i = 0; audit->kept && i < KEPT; i++)
		free(audit->kept[i]);
	dns_validator_free(audit->validator);
	exchanges_free(audit->exchanges);
	facts_release(&audit->looked);
	str_release(&audit->line);
	free(audit->kept);
	free(audit->slot);
	free(audit);
}
