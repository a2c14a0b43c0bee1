/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the vendors' files share: JSON replies, the choice of the zone, texts as vendors hold
 * them. Private to provider. A struct vendor_state is what a run keeps between its steps.
 */
#ifndef PROVIDER_VENDOR_H
#define PROVIDER_VENDOR_H

#include <jansson.h>

#include "base/i18n.h"
#include "provider/provider.h"
#include "wire/zonetext.h"

enum vendor_verb { VENDOR_ADD, VENDOR_CHANGE, VENDOR_REMOVE };

struct vendor_change { /* one call of a record-by-record vendor */
	enum vendor_verb verb;
	struct mx mx;
	uint32_t ttl_s;
	bool automatic; /* leave the TTL to the vendor */
	char id[128];
};

struct vendor_state {
	size_t n, cap;
	struct vendor_change *change;
	/* engines: */
	struct zone_index *index; /* where the account keeps none */
	struct dname ask;         /* the name that may be a zone */
	char *cursor, *link;      /* of the next page */
	char *operation;          /* that is waited for */
	char *id;                 /* the record that is asked for */
	size_t n_id, cap_id;
	char **ids;      /* that are to be asked for */
	int64_t waiting; /* since when */
	unsigned row;    /* rows seen before this page */
	size_t read;     /* records read before this page */
	char *ends;      /* the first and the last row of the page before, as text */
	/* zone files: */
	size_t n_include;
	struct zonetext_include *include;
	bool has_journal;
	uint32_t journal_end; /* its serial */
};

struct vendor_state *vendor_state(struct provider_run *run); /* made when missing */
void vendor_state_free(struct vendor_state *state);          /* NULL is accepted */

/* provider_fail() with the sentence that the shape finds in the reply. Always false. */
bool vendor_refused(const struct provider_run *run, const struct reply *reply, struct verdict *answer, struct err *err);
/* Is the reply accepted? Else provider_fail() with the vendor's sentence. */
bool vendor_accepted(const struct provider_run *run, const struct reply *reply, struct err *err);
/* The body of an HTTP reply as JSON, or as the shape's load() reads it, whatever it means: a new reference, or NULL. */
json_t *vendor_tree(const struct reply *reply);
json_t *vendor_load(const struct provider_run *run, const struct reply *reply);
/* vendor_load() of an accepted reply. NULL with err: not accepted, or not to be read. */
json_t *vendor_json(const struct provider_run *run, const struct reply *reply, struct err *err);
/* "what it answered is not what its API says"; always STEP_FAILED. */
enum step vendor_odd(const struct provider_run *run, struct err *err);
/* The same of one member of one record, which is named; always false. */
bool vendor_odd_record(const struct provider_run *run, const char *id, const char *member, struct err *err);

const char *vendor_text(const json_t *object, const char *name); /* "" when missing or no string */
bool vendor_number(const json_t *number, uint32_t *value);
/* A number, also where the vendor writes it as text or as 10.0. */
bool vendor_u32(const json_t *object, const char *name, uint32_t *value);

uint32_t vendor_day(int64_t now); /* 20261123 */
/* How many writes lie between two serials that count one each, at the fewest; dated: a write may also make the first one of a day. Many
 * are as good as eight. */
unsigned vendor_serial_writes(uint32_t from, uint32_t to, bool dated);

/* A JSON member into a sentence: of a judge(). */
void vendor_sentence(struct verdict *answer, const char *sentence);
/* The vendor's text of a target, relative to the zone where it says "@". */
void vendor_set_mx(struct mx *mx, uint32_t preference, const char *target, const struct dname *zone);
/* What the held record of this kind has as `stored`; "". */
const char *vendor_stored(const struct provider_run *run, const struct mx *mx);
/* Keeps a member of value, a text, as the record's `stored`, which has the target's text until then. False with err: it is too long. */
bool vendor_store(const struct provider_run *run, const json_t *value, const char *member, struct provider_record *record, struct err *err);
/* "10 mx1.example.net." */
void vendor_content(struct str *out, const struct mx *mx);
/* The wanted set as an array of such texts, or of objects with that member. New reference. */
json_t *vendor_contents(const struct provider_run *run, const char *member);
/* The set's name relative to the zone, apex for the zone itself. Returns text. */
const char *vendor_relative(const struct provider_run *run, const char *apex, char text[DNAME_TEXT_MAX]);
/* Is text this name, whole, with or without final dot? Relative to the zone ("", "@" or the zone's name: itself, "." too)? */
bool vendor_is_name(const char *text, const struct dname *name);
bool vendor_is_relative(const char *text, const struct dname *name, const struct dname *zone);
void vendor_add_ns(struct provider_run *run, const char *name, const struct dname *zone);

/* What the published set is, and whether it is already what is wanted. */
bool vendor_is_wanted(const struct provider_run *run);
/* A JSON body; takes the reference. */
void vendor_body(struct http_request *http, json_t *json);
/* None of the set is one that the vendor ties to a service, a policy or a protection of its own. ERR_REFUSED. */
bool vendor_check_locked(const struct provider_run *run, struct err *err);

/* state->change: the ordered calls of run->part that turn run->have into run->want where each record is kept by itself: changes in
 * place (of the TTL; with CAP_BATCH of the record too), adds, removals last. Disabled records are left alone. ERR_REFUSED for locked
 * ones, ERR_CONFLICT where a removal would come before what is wanted is there. */
bool vendor_changes(struct provider_run *run, struct err *err);
/* Against the TTL limits and the null MX bit of the vendor's row: known without asking. ERR_REFUSED. */
bool vendor_check_want(const struct provider_run *run, struct err *err);

/* Every vendor: the name of its row without "provider_". registry.c makes the list of it. */
/* clang-format off */
#define VENDORS(X) \
	X(powerdns) X(zonefile) X(azure) X(bunny) X(cloudflare) X(desec) X(digitalocean) X(dnsimple) \
	X(gandi) X(glesys) X(godaddy) X(google) X(hetzner) X(infomaniak) X(ionos) X(linode) X(loopia) X(namecheap) \
	X(netlify) X(ns1) X(ovh) X(porkbun) X(rfc2136) X(route53) X(scaleway) X(simply) X(vultr)
/* clang-format on */

#define VENDOR_ROW(name) extern const struct provider provider_##name;
VENDORS(VENDOR_ROW)
#undef VENDOR_ROW

#endif
