/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name servers of the domain's zone: their addresses, and what each address says of the MX set when it is asked directly. */
#include "app/survey_job.h"
#include "base/banned.h"

/* ---- one server's own answers ---- */

static void server_mx(struct job *job, const struct dns_reply *reply)
{
	struct server_facts *row = &job->survey->facts->server[job->row];
	struct dname final;
	size_t n_alias;

	row->mx = survey_read(job, reply, &n_alias, &final);
	row->authoritative = job->survey->app->demo || (reply->answer && reply->answer->aa); /* a zone file is its own authority */
	row->elsewhere = n_alias && row->mx != ANSWER_DATA && reply->answer;
	if (row->mx == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &row->set, &row->ttl_max_s);
	survey_settle(job->survey);
}

static void server_soa(struct job *job, const struct dns_reply *reply)
{
	struct server_facts *row = &job->survey->facts->server[job->row];
	struct dname final;
	const struct dns_record *soa;

	row->soa = survey_read(job, reply, NULL, &final);
	soa = row->soa == ANSWER_DATA ? dns_answer_next(reply->answer, &final, DNS_SOA, NULL) : NULL;
	if (soa)
		row->serial = soa->soa.serial;
}

/* --server: that one server is asked, and no other. Zone files: nobody is; the demo's have servers. */
static bool asks_servers(const struct survey *survey)
{
	return !survey->app->has_server && (!survey->app->world || survey->app->demo);
}

static void ask_server(struct survey *survey, size_t index)
{
	struct facts *facts = survey->facts;
	struct server_facts *row = &facts->server[index];
	struct dns_endpoint at = { row->addr, 0 };

	if (!asks_servers(survey))
		return;
	row->mx = row->soa = ANSWER_PENDING;
	survey_ask(survey, &facts->domain, DNS_MX, &at, server_mx)->row = index;
	survey_ask(survey, &facts->zone, DNS_SOA, &at, server_soa)->row = index;
}

/* ---- their addresses ---- */

static struct name_server *find_ns(struct survey *survey, const struct dname *name)
{
	for (size_t i = 0; i < survey->n_ns; i++)
		if (dname_equal(&survey->ns[i].name, name))
			return &survey->ns[i];
	return NULL;
}

/* A server has one row from the beginning; its first address fills that one. */
static void add_address(struct survey *survey, struct name_server *ns, const struct addr *addr)
{
	struct facts *facts = survey->facts;
	struct server_facts *row = &facts->server[ns->first_row];
	size_t index = ns->first_row;

	if (ns->addresses++) {
		index = facts->n_server;
		row = facts_server_add(facts, &ns->name, addr);
	}
	row->addr = *addr;
	row->address = ANSWER_DATA;
	row->at_parent = ns->at_parent;
	row->at_child = ns->at_child;
	ask_server(survey, index);
}

static void ns_address(struct job *job, const struct dns_reply *reply)
{
	struct name_server *ns = find_ns(job->survey, &job->host);
	struct dname final;
	enum answer answer = survey_read(job, reply, NULL, &final);
	const struct dns_record *record = NULL;

	if (!ns)
		return;
	ns->waiting--;
	if (!answer_is_final(answer) || answer_is_soft(answer) || ns->address == ANSWER_PENDING)
		ns->address = answer;
	while (answer == ANSWER_DATA && ns->addresses < SURVEY_NS_ADDRESSES &&
		(record = dns_answer_next(reply->answer, &final, job->question.type, record)) != NULL)
		add_address(job->survey, ns, &record->addr);
	if (!ns->waiting && !ns->addresses)
		job->survey->facts->server[ns->first_row].address = ns->address;
}

static void mark_rows(struct survey *survey, const struct name_server *ns)
{
	for (size_t i = 0; i < survey->facts->n_server; i++) {
		struct server_facts *row = &survey->facts->server[i];
		if (!dname_equal(&row->name, &ns->name))
			continue;
		row->at_parent = ns->at_parent;
		row->at_child = ns->at_child;
	}
}

/* Where nobody wants the servers' sets, their names are all that is known of them. */
static void ask_addresses(struct survey *survey, const struct name_server *ns)
{
	if (!survey_wants(survey, NEEDS_SERVERS))
		return;
	survey->facts->server[ns->first_row].address = ANSWER_PENDING;
	survey->need = NEEDS_SERVERS;
	survey_ask(survey, &ns->name, DNS_A, NULL, ns_address)->host = ns->name;
	survey_ask(survey, &ns->name, DNS_AAAA, NULL, ns_address)->host = ns->name;
}

void survey_add_server(struct survey *survey, const struct dname *name, bool at_parent)
{
	struct name_server *ns = find_ns(survey, name);

	if (!ns && survey->n_ns == SURVEY_NS_MAX)
		return;
	if (!ns) {
		ns = &survey->ns[survey->n_ns++];
		*ns = (struct name_server){ .name = *name, .waiting = 2, .address = ANSWER_PENDING, .first_row = survey->facts->n_server };
		facts_server_add(survey->facts, name, &(struct addr){ 0 });
		ask_addresses(survey, ns);
	}
	ns->at_parent |= at_parent;
	ns->at_child |= !at_parent;
	mark_rows(survey, ns);
}
