/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/look.h"

#include <stdlib.h>

#include "app/reading.h"
#include "base/mem.h"
#include "core/truth.h"
#include "io/dns_cache.h"
#include "base/banned.h"

struct part { /* one question about an exchange */
	struct look *look;
	const struct dname *host; /* in the answer that names it */
	enum dns_type type;
	struct dns_wait *wait;
	struct dns_told *told; /* neither: not asked yet */
};

struct look {
	struct app *app;
	struct dname domain;
	look_fn done;
	void *data;
	struct dns_query *query;
	struct dns_told *mx;
	int64_t at; /* of that answer */
	size_t n, open;
	struct part *part;
};

static void answered(void *data, const struct dns_reply *reply)
{
	struct part *part = data;
	struct look *look = part->look;

	part->wait = NULL;
	part->told = dns_told_hold(reply->told);
	if (!--look->open)
		look->done(look->data);
}

static void ask(struct look *look, const struct dname *host, enum dns_type type)
{
	struct dns_cache *shared = app_answers(look->app);
	struct part *part = &look->part[look->n++];
	const struct dns_question question = { *host, type };

	*part = (struct part){ .look = look, .host = host, .type = type };
	part->told = dns_cache_kept(shared, &question);
	if (part->told)
		return;
	look->open++;
	part->wait = dns_cache_ask(shared, NULL, &question, (struct dns_then){ answered, part });
}

/* A host that is named twice is asked for once: the second question joins the first. */
static void ask_hosts(struct look *look, const struct dns_answer *answer)
{
	const struct dns_question question = { look->domain, DNS_MX };
	const struct dns_record *record = NULL;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias, n = 0;

	if (dns_answer_read(answer, &question, alias, &n_alias, &final) != ANSWER_DATA)
		return;
	while ((record = dns_answer_next(answer, &final, DNS_MX, record)) != NULL)
		n++;
	look->part = mem_alloc(2 * n * sizeof(*look->part));
	while ((record = dns_answer_next(answer, &final, DNS_MX, record)) != NULL) {
		if (dname_is_root(&record->mx.host))
			continue;
		ask(look, &record->mx.host, DNS_A);
		ask(look, &record->mx.host, DNS_AAAA);
	}
}

static void mx_answered(void *data, const struct dns_reply *reply)
{
	struct look *look = data;

	look->query = NULL;
	look->mx = dns_told_hold(reply->told);
	look->at = loop_now();
	if (reply->answer)
		ask_hosts(look, reply->answer);
	if (!look->open)
		look->done(look->data);
}

struct look *look_start(struct app *app, const struct dname *domain, look_fn done, void *data)
{
	struct look *look = mem_alloc(sizeof(*look));
	const struct dns_question question = { *domain, DNS_MX };

	*look = (struct look){ .app = app, .domain = *domain, .done = done, .data = data };
	look->query = dns_ask(app_dns(app), NULL, &question, app->timeout_ms, (struct dns_then){ mx_answered, look });
	return look;
}

static void read_part(struct facts *facts, const struct part *part)
{
	const struct dns_question question = { *part->host, part->type };
	struct host_facts *row = facts_host_add(facts, part->host);
	const enum answer *answer = part->type == DNS_A ? &row->a : &row->aaaa;
	struct dns_reply reply;
	struct dname final;

	if (*answer != ANSWER_UNASKED || !part->told)
		return;
	reply = dns_told_reply(part->told);
	reading_host(row, &question, &reply, &final);
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
		read_part(facts, &look->part[i]);
}

void look_free(struct look *look)
{
	if (!look)
		return;
	dns_cancel(look->query);
	for (size_t i = 0; i < look->n; i++) {
		dns_cache_cancel(look->part[i].wait);
		dns_told_release(look->part[i].told);
	}
	dns_told_release(look->mx);
	free(look->part);
	free(look);
}
