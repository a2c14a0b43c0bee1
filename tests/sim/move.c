/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "move.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

bool move_near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

/* "10 b, 20 c" at example.com, with this TTL. */
static void set_draft(struct move *move, const char *records, uint32_t ttl_s)
{
	unsigned preference;
	char host[80];
	int taken;

	mxset_init(&move->draft);
	move->draft.ttl_s = ttl_s;
	for (; sscanf(records, " %u %70[^,]%n", &preference, host, &taken) == 2; records += taken) {
		struct mx mx;

		if (strcmp(host, ".") != 0 && !strchr(host, '.'))
			snprintf(host + strlen(host), sizeof host - strlen(host), ".example.com");
		mx_set(&mx, preference, host);
		mxset_add(&move->draft, &mx);
		taken += records[taken] == ',';
	}
}

/* An address of a host that only the draft has. */
void move_know(struct move *move, const char *host, const char *addr)
{
	struct dname name;
	struct host_facts *row;

	assert_true(dname_parse(&name, host, NULL));
	row = facts_host_add(&move->world.facts, &name);
	row->a = ANSWER_DATA;
	row->aaaa = ANSWER_NODATA;
	row->n_addr = 1;
	assert_true(addr_parse(&row->addr[0], addr));
}

void move_begin(struct move *move, const char *live, const char *draft, uint32_t ttl_s)
{
	memset(move, 0, sizeof *move);
	world_init_records(&move->world, live);
	set_draft(move, draft, ttl_s);
	move_know(move, "new.example.com", "203.0.113.1");
	move->in = (struct cutover_input){
		.domain = &move->world.facts.domain, .facts = &move->world.facts, .draft = &move->draft, .now = NOW, .seed = 1
	};
}

void move_run(struct move *move)
{
	cutover_run(&move->in, &move->result);
}

void move_end(struct move *move)
{
	cutover_release(&move->result);
	mxset_release(&move->draft);
	world_release(&move->world);
}

const struct cutover_host *move_host(const struct move *move, const char *name)
{
	struct dname host;

	assert_true(dname_parse(&host, name, NULL));
	for (size_t i = 0; i < move->result.n_host; i++)
		if (dname_equal(&move->result.host[i].host, &host))
			return &move->result.host[i];
	fail_msg("%s is not among what goes", name);
	return NULL;
}

const struct cutover_sender *move_sender(const struct move *move, const char *name)
{
	for (size_t i = 0; i < move->result.n_sender; i++)
		if (!strcmp(move->result.sender[i].sender->name, name))
			return &move->result.sender[i];
	fail_msg("no %s", name);
	return NULL;
}
