/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands begin with: the domain or the plan file that was named, a survey that is waited for, a provider that is asked. */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include "app/survey.h"
#include "check/check.h"
#include "cli/command.h"
#include "core/truth.h"

/* Operand i as a domain; without it, the demo's. ERR_USAGE. */
bool subject_domain(const struct call *call, size_t i, struct dname *domain, struct err *err);
/* A path, or a name ending in .json, or "-": a plan, not a domain. */
bool subject_is_plan(const char *operand);
bool subject_plans(const char *path, struct plans *plans, struct err *err);             /* {0} first */
bool subject_one_plan(const char *path, struct plans *plans, struct err *err);          /* the file must hold one plan alone */
bool subject_write_plans(const struct plans *plans, const char *path, struct err *err); /* NULL or "-": stdout */

enum subject_depth {
	SUBJECT_HOSTS, /* the set, its hosts' addresses, the zone: what checks and the simulator need */
	SUBJECT_ZONES, /* also the zones of the hosts' names, and their name servers */
	SUBJECT_ALL    /* also DNSSEC and each authoritative server */
};
struct subject_ask {
	const struct dname *domain;
	const struct mxset *also; /* hosts that are asked for too; or NULL */
	enum subject_depth depth;
	unsigned needs;                 /* enum need, beyond what the depth says */
	unsigned awaited;               /* enum need: of these the answers are waited for, whatever the depth */
	const char *account;            /* that is read; NULL: the domain's, if there is one */
	bool dns_only;                  /* no account is read */
	bool probe;                     /* port 25 of the hosts is probed too: subject_probes() said so */
	const struct smtp_trial *trial; /* and recipients are named: subject_tries() said so; or NULL */
};
/* Asks the DNS and the account; why an account could not be read goes into unread, and where that is NULL to stderr. facts are
 * initialised here. */
void subject_survey_by(struct call *call, const struct subject_ask *ask, struct facts *facts, struct err *unread);
/* Are the mail servers to be probed: by the option, or by the domain's section of the configuration (never of zone files or the demo)?
 * False where it was asked for and cannot be. */
bool subject_probes(struct call *call, const struct dname *domain, const char *option, bool *probe, struct err *err);
/* Is an intrusive probe asked for, with --intrusive and the domain's own name? Then what it will say to the mail servers is told on stderr.
 * ERR_USAGE where another name was typed. */
bool subject_tries(struct call *call, const struct dname *domain, struct subject_ask *ask, struct smtp_trial *trial, struct err *err);
/* Asks the DNS alone, and no account. */
void subject_survey(struct call *call, const struct dname *domain, const struct mxset *also, enum subject_depth depth, struct facts *facts);
/* Was the MX question answered? NXDOMAIN: ERR_FALSE; failures: ERR_NETWORK. No MX is an answer. */
bool subject_answered(const struct facts *facts, struct err *err);
/* Did anybody in the DNS tell the set, whatever an account told? ERR_NETWORK. */
bool subject_looked_up(const struct facts *facts, struct err *err);

/* What a plan begins from: core/truth. */
struct subject_base {
	struct mxset set;
	enum truth_source source;
	uint32_t first_ttl_s;     /* of the zone, for a first record; 0: not known */
	char named[80];           /* the zone files or the server that were named, and told the set; else "" */
	uint32_t left_s;          /* of a cached set: what was left of its TTL */
	struct dname zone;        /* len 0: not known */
	char *account, *provider; /* owned, or NULL: none configured */
};
/* What is held where an account can read it, else what is served, else what a resolver's cache has. base: {0} first. facts are
 * initialised here, also where it fails, and are the caller's. */
bool subject_read_base(struct call *call, const struct subject_ask *ask, struct subject_base *base, struct facts *facts, struct err *err);
void subject_base_release(struct subject_base *base);
bool subject_verify(struct call *call, const struct provider_account *account, struct provider_told *told, struct err *err);
/* Asks for all zones of the account; account_zone() then gives them. Borrowed. NULL with err. */
struct account *subject_zones(struct call *call, const struct provider_account *account, struct err *err);

/* Input of the checks for the live set, or for a draft of it. */
void subject_check_input(struct check_input *in, const struct facts *facts, const struct mxset *draft);

/* [main] name of the configuration, else $USER@host. Owned by the caller. */
char *subject_user_name(struct call *call);
char *subject_now(void); /* RFC 3339; owned by the caller */

#endif
