/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/look.h"

#include <stdlib.h>

#include "app/reading.h"
#include "base/mem.h"
#include "core/truth.h"
#include "base/banned.h"

#define PARTS 8 /* room for so many at first */

struct look {
	struct app *app;
	struct exchanges *all;
	struct dname domain;
	look_fn done;
	void *data;
	struct dns_query *query;
	struct dns_told *mx;
	int64_t at; /* of that answer */
	size_t n, cap, open;
	struct exchange_wait *part; /* for each record that names a host */
};

static void known(void *data)
{
	struct look *look = data;

	if (!--look->open)
		look->done(look->data);
}

/* They do not move: who is waited for knows where they are. */
static void make_parts(struct look *look, size_t n)
{
	if (n <= look->cap)
		return;
	free(look->part);
	look->cap = n > PARTS ? n : PARTS;
	look->part = mem_alloc(look->cap * sizeof(*look->part));
}

/* A host that is named twice is asked for once: the second joins the first. */
static void want_hosts(struct look *look, const struct dns_answer *answer)
{
	const struct dns_question question = { look->domain, DNS_MX };
	const struct dns_record *record = NULL;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;

	if (dns_answer_read(answer, &question, alias, &n_alias, &final) != ANSWER_DATA)
		return;
	make_parts(look, answer->n);
	while ((record = dns_answer_next(answer, &final, DNS_MX, record)) != NULL) {
		struct exchange_wait *part = &look->part[look->n];

		if (dname_is_root(&record->mx.host))
			continue;
		look->n++;
		*part = (struct exchange_wait){ .fn = known, .data = look };
		look->open += !exchange_want(look->all, &record->mx.host, part);
	}
}

static void mx_answered(void *data, const struct dns_reply *reply)
{
	struct look *look = data;

	look->query = NULL;
	look->mx = dns_told_hold(reply->told);
	look->at = loop_now();
	if (reply->answer)
		want_hosts(look, reply->answer);
	if (!look->open)
		look->done(look->data);
}

struct look *look_new(struct app *app, struct exchanges *all)
{
	struct look *look = mem_alloc(sizeof(*look));

	look->app = app;
	look->all = all;
	return look;
}

void look_start(struct look *look, const struct dname *domain, look_fn done, void *data)
{
	const struct dns_question question = { *domain, DNS_MX };
	struct app *app = look->app;

	look->domain = *domain;
	look->done = done;
	look->data = data;
	look->query = dns_ask(app_dns(app), NULL, &question, app->timeout_ms, (struct dns_then){ mx_answered, look });
}

void look_read(const struct look *look, struct facts *facts)
{
	struct dns_reply reply;
	struct dname final;

	facts->asked = NEEDS_MX | NEEDS_HOSTS;
	facts->source = SOURCE_RESOLVER;
	facts->dnssec = DNSSEC_UNCHECKED;
	facts->mx = facts->cached.mx = ANSWER_PENDING;
	if (!look->mx)
		return;
	reply = dns_told_reply(look->mx);
	reading_mx(facts, &reply, &final);
	facts->cached.at = look->at;
	truth_settle(facts);
	for (size_t i = 0; i < look->n; i++)
		exchange_read(&look->part[i], facts);
}

void look_stop(struct look *look)
{
	dns_cancel(look->query);
	for (size_t i = 0; i < look->n; i++)
		exchange_leave(&look->part[i]);
	dns_told_release(look->mx);
	look->query = NULL;
	look->mx = NULL;
	look->n = look->open = 0;
}

void look_free(struct look *look)
{
	if (!look)
		return;
	look_stop(look);
	free(look->part);
	free(look);
}
