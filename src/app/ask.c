/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ask.h"

#include <stdlib.h>

#include "app/demo.h"
#include "base/mem.h"
#include "base/banned.h"

struct ask {
	struct app *app;
	struct dns_question question;
	struct dns_endpoint at; /* family 0: a resolver */
	struct dns_query *query;
	struct dns_wait *wait;     /* one of the two, from the network */
	struct loop_handle *timer; /* of an answer out of the zone world */
	dns_fn fn;
	void *data;
};

static void from_network(void *data, const struct dns_reply *reply)
{
	struct ask *ask = data;
	dns_fn fn = ask->fn;
	void *to = ask->data;

	free(ask);
	fn(to, reply);
}

static void from_world(void *data)
{
	struct ask *ask = data;
	struct dns_answer answer = { 0 };
	const struct zoneworld *world = demo_world(ask->app, ask->at.addr.family ? &ask->at : NULL, &ask->question.name, loop_ms());
	bool asked = zoneworld_ask(world, &ask->question, &answer);

	/* A name in none of the zones: nobody was asked, but the aliases on the way to it are known. */
	from_network(ask, &(struct dns_reply){ .failed = asked ? ANSWER_DATA : ANSWER_UNASKED, .answer = &answer });
	dns_answer_release(&answer);
}

static struct ask *new_ask(struct app *app, const struct dns_endpoint *at, const struct dns_question *question, struct dns_then then)
{
	struct ask *ask = mem_alloc(sizeof(*ask));

	*ask = (struct ask){ .app = app, .question = *question, .fn = then.fn, .data = then.data };
	if (at)
		ask->at = *at;
	if (app->world)
		ask->timer = loop_after(app->loop, 0, from_world, ask);
	return ask;
}

struct ask *ask_start(struct app *app, const struct dns_endpoint *at, const struct dns_question *question, dns_fn fn, void *data)
{
	struct ask *ask = new_ask(app, at, question, (struct dns_then){ fn, data });

	if (!app->world)
		ask->query = dns_ask(app_dns(app), at, &ask->question, app->timeout_ms, (struct dns_then){ from_network, ask });
	return ask;
}

struct ask *ask_cached(
	struct app *app, struct dns_cache *cache, const struct dns_endpoint *at, const struct dns_question *question, struct dns_then then)
{
	struct ask *ask = new_ask(app, at, question, then);

	if (cache)
		ask->wait = dns_cache_ask(cache, at, &ask->question, (struct dns_then){ from_network, ask });
	return ask;
}

void ask_cancel(struct ask *ask)
{
	if (!ask)
		return;
	dns_cancel(ask->query);
	dns_cache_cancel(ask->wait);
	loop_cancel(ask->timer);
	free(ask);
}
