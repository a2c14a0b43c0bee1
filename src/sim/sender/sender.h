/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending mail servers as mechanisms, one row each (facts: senders section 5). A row
 * makes a sender; a user may derive one from a built-in row by setting its fields.
 * No code here knows a sender by name. A derived row borrows its name and title.
 */
#ifndef SIM_SENDER_H
#define SIM_SENDER_H

#include "sim/state.h"

enum sender_order { ORDER_ADDRESS_SHUFFLE, ORDER_HOST_SHUFFLE, ORDER_RESOLVER, ORDER_RESOLVER_LIFO };
enum sender_family { FAMILY_MIXED, FAMILY_V6_FIRST_HOST, FAMILY_V6_BUBBLE_RUNG, FAMILY_V6_FIRST_RUNG, FAMILY_V4_ONLY, FAMILY_RESOLVER };
enum sender_dedupe { DEDUPE_NONE, DEDUPE_NAME, DEDUPE_ADDRESS, DEDUPE_ADDRESS_RUNG };
/* what a failure does: the next server; the next, or bounce when it was the last; queue or bounce at once; the same server
 * again without TLS; nothing (goes on); UNKNOWN: of no row, where an address is not known */
enum sender_out { OUT_NEXT, OUT_NEXT_ELSE_BOUNCE, OUT_QUEUE, OUT_BOUNCE, OUT_CLEAR_SAME, OUT_OK, OUT_HANG, OUT_UNKNOWN };
enum sender_after { AFTER_NEXT_ADDRESS, AFTER_NEXT_HOST };
enum sender_sure { SURE_MEASURED, SURE_SOURCE, SURE_DOCUMENT, SURE_CONFIGURED, SURE_ASSUMED };

/* what the sender makes of a target address that is its own machine */
enum sender_self {
	SELF_CUT,              /* drops this preference and all higher; nothing left: bounce */
	SELF_IGNORE,           /* the address counts as absent */
	SELF_NEXT,             /* meets itself and goes on with the next */
	SELF_NEXT_ELSE_BOUNCE, /* the same, but bounces when it was the last */
	SELF_LOOP              /* takes the message itself, round and round */
};
/* one host's lookup does not answer in time */
enum sender_slow { SLOW_SKIP, SLOW_STALL };
/* seconds from arrival to attempt n (n = 1, 2 ...) */
enum sender_retry {
	RETRY_AGE,    /* the next wait is the message's age, between retry_min_s and retry_max_s, on a grid of retry_grid_s */
	RETRY_SQUARE, /* retry_min_s * n * n */
	RETRY_GROW,   /* the wait begins at retry_min_s and grows by retry_factor_percent up to retry_max_s, on the grid */
	RETRY_STEPS,  /* retry_step[] by the message's age, on the grid */
	RETRY_ROUNDS  /* rounds of retry_round attempts, retry_min_s apart; the pause between rounds grows from retry_pause_s
		       * as the wait of RETRY_GROW does */
};
/* what makes a sender leave an address alone, for all its messages: nothing; a failure before the server has answered EHLO;
 * two connections in a row that were not answered, two minutes or more apart */
enum sender_memory { MEMORY_NONE, MEMORY_FAILURE, MEMORY_SILENCE };
/* for how long: memory_s; memory_s times the square of the failures not forgiven yet, one forgiven each time it ends; as
 * the retry schedule has it by the age of the address's first failure, and messages that found all addresses so are tried
 * again when those are, not on a schedule of their own */
enum sender_growth { GROWTH_NONE, GROWTH_SQUARE, GROWTH_RETRY };

/* The groups of values that have a source of their own. */
enum sender_group {
	GROUP_ORDER, /* order, family, dedupe */
	GROUP_LIMIT, /* address_max ... after_session */
	GROUP_CONNECT,
	GROUP_GREETING,
	GROUP_EHLO,
	GROUP_TLS,
	GROUP_SOFT,
	GROUP_HARD,  /* out[] by stage, and its time-outs */
	GROUP_DNS,   /* verdicts of lookups, self */
	GROUP_RETRY, /* schedule, life time, warning */
	GROUP_MEMORY,
	SENDER_GROUPS
};

struct sender_source {
	enum sender_sure sure;
	const char *text; /* not translated: file, function or document */
};

#define SENDER_STEPS 8
#define SENDER_ATTEMPTS 2000 /* of one message in its life time, at most */

struct sender {
	const char *name, *title;
	struct sender_source source[SENDER_GROUPS];

	enum sender_order order;
	enum sender_family family;
	enum sender_dedupe dedupe;
	bool shuffles_inside; /* a host's addresses of one family are tried in random order */

	unsigned address_max;            /* addresses of one attempt; 0: no limit */
	unsigned address_hard_max;       /* of one attempt, whatever rung_exempt says; 0: no limit */
	unsigned host_max;               /* hosts of one attempt; 0: no limit */
	bool rung_exempt;                /* at the limit the first address of each later rung is still tried */
	bool balances;                   /* keeps IPv4 and IPv6 both within address_max */
	unsigned session_max;            /* conversations past EHLO of one attempt; 0: no limit */
	enum sender_after after_session; /* after a failure past the connection */
	unsigned step_delay_s;           /* between two servers */
	bool overlaps;                   /* then it opens the next connection of the rung, though the one before is not answered yet */
	unsigned route_penalty_s;        /* a failed server comes back after so long, and the walk begins anew; 0: never in an attempt */

	enum sender_out out[SIM_STATES]; /* of connection states */
	unsigned connect_timeout_s, greeting_timeout_s;
	bool dane;              /* goes by TLSA records (RFC 7672): what out[] says of mail in the clear holds where none count */
	bool sts;               /* keeps to MTA-STS (RFC 8461); out[] holds where no policy is enforced */
	bool sts_bounces;       /* returns the message where the policy lists no host of the set; else it waits */
	unsigned clear_after_s; /* from this age of the message on, a failed TLS handshake is repeated in the clear; 0: never */

	enum sender_out none_exists, none_soft, null_mx; /* no host exists; some lookup failed softly; null MX: QUEUE or BOUNCE */
	enum sender_out domain_nx, domain_soft;
	bool null_spoils; /* a null MX beside other records counts for the whole set */
	bool bare_spoils; /* one host that exists without any address returns the message, whatever others there are */
	enum sender_slow slow_dns;
	unsigned slow_dns_s;       /* wait for a host whose lookup is silent; measured with "timeout:1 attempts:2" in resolv.conf */
	enum sender_self self;     /* 127.0.0.0/8 and ::1 */
	bool loop6_refuses;        /* nothing of its own listens at ::1: a refused connection like any other */
	enum sender_self self_any; /* 0.0.0.0 and :: */
	bool cut_waits;            /* nothing left after SELF_CUT: waits if a better preference could not be looked up */
	bool ignores_private;      /* private, link-local and unique local addresses count as absent */
	bool takes_literal;        /* an IPv4 address in place of the exchange's name works */

	enum sender_retry retry;
	unsigned retry_min_s, retry_max_s, retry_grid_s, retry_factor_percent, retry_round, retry_pause_s;
	struct {
		unsigned wait_s, until_s;
	} retry_step[SENDER_STEPS]; /* until the message is so old; 0: from then on */
	uint32_t life_s;            /* returns the message when older */
	uint32_t warn_s;            /* tells the author of the delay; 0: never */

	enum sender_memory memory;
	enum sender_growth memory_growth;
	unsigned memory_s, memory_max_s;
	unsigned throttle_s; /* how long a whole domain is left alone after throttle_passes failed attempts at once; 0: not */
	unsigned throttle_passes;
	unsigned parallel;     /* deliveries to a domain at the same time, to begin with; one more for each that gets through ... */
	unsigned parallel_max; /* ... up to so many; 0: no limit, to begin with */
	unsigned keep_idle_s, keep_age_s; /* while messages come in a row, a connection waits so long for the next, up to this age */
	unsigned session_mails;           /* messages that one connection carries while they come ... */
	unsigned session_idle_s;          /* ... within so long of each other; 0: each has a connection of its own */

	double common; /* weight in the standard mix; its source stands in sim/sender/mix.c */
};

/* The fields that a user may set, one row each; feeds `mxladder list mechanisms` and the configuration. */
struct sender_field {
	const char *name;   /* "connect_timeout", "greeting-5xx" (a state's name: what that failure does) */
	const char *values; /* what may stand there: "next|queue|bounce", "DURATION" ...; not translated */
	const char *help;   /* N_() */
	enum sender_group group;
};
size_t sender_field_count(void);
struct sender_field sender_field_at(size_t i);
/* The value as sender_field_set() takes it. */
void sender_field_text(const struct sender *sender, size_t i, struct str *out);
/* ERR_USAGE names the fields, or what the value may be. The field's group is then as sure as the configuration. */
bool sender_field_set(struct sender *sender, const char *name, const char *value, struct err *err);
/* After the fields were set: can its schedule be followed? ERR_USAGE. */
bool sender_check(const struct sender *sender, struct err *err);

extern const struct sender *const senders[];        /* built-in, ends with NULL: rfc5321 first */
const struct sender *sender_find(const char *name); /* borrowed or NULL */

const char *sender_name(const struct sender *sender);                    /* "postfix" */
const char *sender_title(const struct sender *sender);                   /* "Postfix 3.7" */
enum sender_sure sender_sureness(const struct sender *sender);           /* the weakest value that decides first contact */
enum sender_sure sender_sureness_over_time(const struct sender *sender); /* the weakest of all, with retries and memory */
/* When attempt n (0: at once) of a message is made, seconds after it arrived; before_s: when attempt n-1 was. */
uint64_t sender_attempt_s(const struct sender *sender, unsigned n, uint64_t before_s);
/* The same for a message that arrived look_s before a look at the queue. */
uint64_t sender_attempt_after(const struct sender *sender, unsigned n, uint64_t before_s, uint64_t look_s);
/* When attempt n (from 1) is due, were the queue looked at all the time. */
uint64_t sender_due_s(const struct sender *sender, unsigned n, uint64_t before_s);
const char *sender_sure_name(enum sender_sure sure); /* "measured" | "source" | "document" | "configured" | "assumed" */

#endif
