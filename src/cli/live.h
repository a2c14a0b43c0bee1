/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands begin with: the domain or the plan file that was named, a survey that is waited for, a provider that is asked. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "app/survey.h"
#include "check/check.h"
#include "cli/command.h"

/* Operand i as a domain; without it, the demo's. ERR_USAGE. */
bool live_domain(const struct call *call, size_t i, struct dname *domain, struct err *err);
/* A path, or a name ending in .json, or "-": a plan, not a domain. */
bool live_is_plan(const char *operand);
bool live_plans(const char *path, struct plans *plans, struct err *err);	/* {0} first */
bool live_one_plan(const char *path, struct plans *plans, struct err *err);	/* the file must hold one plan alone */
bool live_write_plans(const struct plans *plans, const char *path, struct err *err);	/* NULL or "-": stdout */

enum live_depth {
	LIVE_HOSTS,	/* the set, its hosts' addresses, the zone: what checks and the simulator need */
	LIVE_ZONES,	/* also the zones of the hosts' names, and their name servers */
	LIVE_ALL	/* also DNSSEC and each authoritative server */
};
/* Asks about domain, and for the addresses of also's hosts (or NULL); facts are initialised here. */
void live_survey(struct call *call, const struct dname *domain, const struct mxset *also, enum live_depth depth, struct facts *facts);
/* Was the MX question answered? NXDOMAIN: ERR_FALSE; failures: ERR_NETWORK. No MX is an answer. */
bool live_answered(const struct facts *facts, struct err *err);

/* What a plan begins from. */
struct live_base {
	struct mxset set;
	struct dname zone;	/* len 0: not known */
	char *account, *provider;	/* owned, or NULL: none configured */
};
/* From the provider of the domain's account where there is one and no other source was named, else from the DNS. facts may be NULL, else
 * it was surveyed. base: {0} first. */
bool live_read_base(struct call *call, const struct dname *domain, const char *account, struct live_base *base, struct err *err);
void live_base_release(struct live_base *base);
bool live_verify(struct call *call, const struct provider_account *account, struct err *err);

/* Input of the checks for the live set, or for a draft of it. */
void live_check_input(struct check_input *in, const struct facts *facts, const struct mxset *draft);

/* [main] name of the configuration, else $USER@host. Owned by the caller. */
char *live_user_name(struct call *call);
char *live_now(void);		/* RFC 3339; owned by the caller */

#endif
