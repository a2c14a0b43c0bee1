/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#include "base/banned.h"

const struct sim_state_row sim_states[SIM_STATES] = {
	[SIM_UP] = { "up", N_("up"), false },
	[SIM_REFUSED] = { "refused", N_("refused"), false },
	[SIM_TIMEOUT] = { "timeout", N_("silent"), false },
	[SIM_DROP] = { "drop", N_("hangs up"), false },
	[SIM_MUTE] = { "mute", N_("never greets"), false },
	[SIM_GREETING_4XX] = { "greeting-4xx", N_("greeting 4xx"), false },
	[SIM_GREETING_5XX] = { "greeting-5xx", N_("greeting 5xx"), false },
	[SIM_EHLO_4XX] = { "ehlo-4xx", N_("EHLO 4xx"), false },
	[SIM_EHLO_5XX] = { "ehlo-5xx", N_("EHLO 5xx"), false },
	[SIM_NO_STARTTLS] = { "no-starttls", N_("no STARTTLS"), false },
	[SIM_STARTTLS_4XX] = { "starttls-4xx", N_("STARTTLS 4xx"), false },
	[SIM_TLS_FAIL] = { "tls-fail", N_("TLS broken"), false },
	[SIM_TLSA_MISMATCH] = { "tlsa-mismatch", N_("TLSA mismatch"), false },
	[SIM_CERT_INVALID] = { "cert-invalid", N_("bad certificate"), false },
	[SIM_MAIL_4XX] = { "mail-4xx", N_("MAIL 4xx"), false },
	[SIM_MAIL_5XX] = { "mail-5xx", N_("MAIL 5xx"), false },
	[SIM_RCPT_4XX] = { "rcpt-4xx", N_("RCPT 4xx"), false },
	[SIM_RCPT_5XX] = { "rcpt-5xx", N_("RCPT 5xx"), false },
	[SIM_DATA_4XX] = { "data-4xx", N_("DATA 4xx"), false },
	[SIM_DATA_5XX] = { "data-5xx", N_("DATA 5xx"), false },
	[SIM_DOT_4XX] = { "dot-4xx", N_("end of data 4xx"), false },
	[SIM_DOT_5XX] = { "dot-5xx", N_("end of data 5xx"), false },
	[SIM_NXDOMAIN] = { "nxdomain", N_("no such name"), true },
	[SIM_SERVFAIL] = { "servfail", N_("DNS failure"), true },
	[SIM_DNS_TIMEOUT] = { "dns-timeout", N_("DNS silent"), true },
	[SIM_UNKNOWN] = { "unknown", N_("not known"), false },
};

bool sim_state_parse(const char *name, enum sim_state *state)
{
	for (size_t i = 0; i < SIM_STATES; i++) {
		if (strcmp(sim_states[i].name, name) == 0) {
			*state = (enum sim_state)i;
			return true;
		}
	}
	return false;
}

void marks_release(struct marks *marks)
{
	free(marks->mark);
	*marks = (struct marks){ 0 };
}

void marks_copy(struct marks *to, const struct marks *from)
{
	marks_release(to);
	if (from->n == 0)
		return;
	to->mark = mem_copy(from->mark, from->n * sizeof *from->mark);
	to->n = to->cap = from->n;
}

bool mark_same_subject(const struct mark *a, const struct mark *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MARK_HOST:
	case MARK_ZONE:
	case MARK_DOMAIN:
	case MARK_SERVER:
		return dname_equal(&a->name, &b->name);
	case MARK_ADDRESS:
		return addr_equal(&a->addr, &b->addr);
	case MARK_NET:
		return addr_equal(&a->addr, &b->addr) && a->bits == b->bits;
	case MARK_FAMILY:
		return a->family == b->family;
	}
	return false;
}

void marks_set(struct marks *marks, const struct mark *mark)
{
	size_t i = 0;

	while (i < marks->n && !mark_same_subject(&marks->mark[i], mark))
		i++;
	if (mark->state == SIM_UP) {
		if (i == marks->n)
			return;
		memmove(marks->mark + i, marks->mark + i + 1, (marks->n - i - 1) * sizeof *marks->mark);
		marks->n--;
		return;
	}
	if (i == marks->n) {
		marks->mark = mem_grow(marks->mark, marks->n, &marks->cap, sizeof *marks->mark);
		marks->n++;
	}
	marks->mark[i] = *mark;
}

enum sim_state marks_host(const struct marks *marks, const struct dname *host)
{
	for (size_t i = 0; i < marks->n; i++) {
		if (marks->mark[i].kind == MARK_HOST && dname_equal(&marks->mark[i].name, host))
			return marks->mark[i].state;
	}
	return SIM_UP;
}

/* Of several failures that hit the same server, the one met first in a delivery counts: the lowest value. */
static void earlier(enum sim_state *found, enum sim_state state)
{
	if (*found == SIM_UP || state < *found)
		*found = state;
}

/* What the marks of this kind, and those of zones, do to a name. */
static enum sim_state state_of(const struct marks *marks, enum mark_kind kind, const struct dname *name)
{
	enum sim_state found = SIM_UP;

	for (size_t i = 0; i < marks->n; i++) {
		const struct mark *mark = &marks->mark[i];

		if (!sim_states[mark->state].of_name)
			continue;
		if ((mark->kind == kind && dname_equal(&mark->name, name)) || (mark->kind == MARK_ZONE && dname_under(name, &mark->name)))
			earlier(&found, mark->state);
	}
	return found;
}

enum sim_state marks_name(const struct marks *marks, const struct dname *name)
{
	return state_of(marks, MARK_HOST, name);
}

enum sim_state marks_domain(const struct marks *marks, const struct dname *domain)
{
	return state_of(marks, MARK_DOMAIN, domain);
}

static bool hits(const struct mark *mark, const struct dname *host, const struct addr *addr)
{
	switch (mark->kind) {
	case MARK_HOST:
		return dname_equal(&mark->name, host);
	case MARK_ZONE:
		return dname_under(host, &mark->name);
	case MARK_ADDRESS:
		return addr_equal(&mark->addr, addr);
	case MARK_NET:
		return addr_in(addr, &mark->addr, mark->bits);
	case MARK_FAMILY:
		return addr->family == mark->family;
	case MARK_DOMAIN:
	case MARK_SERVER:
		return false;
	}
	return false;
}

enum sim_state marks_address(const struct marks *marks, const struct dname *host, const struct addr *addr)
{
	enum sim_state found = SIM_UP;

	for (size_t i = 0; i < marks->n; i++) {
		if (!sim_states[marks->mark[i].state].of_name && hits(&marks->mark[i], host, addr))
			earlier(&found, marks->mark[i].state);
	}
	return found;
}
