/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail hosters' MX sets, as rows. {t} in a host stands for what only the customer knows: a tenant, a region. It is asked for by the row's
 * variable and never guessed, also not from the domain's name. Says whose mail server a host is, and whose set a set is.
 */
#ifndef CORE_PRESET_H
#define CORE_PRESET_H

#include "core/mxset.h"

#define PRESET_MX 6
#define PRESET_UNDER 2

enum preset_kind {
	PRESET_MAILBOX, /* holds the mailboxes */
	PRESET_FILTER,  /* stands in front of them */
	PRESET_FORWARD, /* sends on to them */
	PRESET_PROGRAM, /* hands mail to a program */
	PRESET_BOUNCE,  /* takes returned mail alone */
	PRESET_NONE,    /* the null MX */
	PRESET_KINDS
};
enum preset_sure {
	PRESET_PUBLISHED, /* the hoster's own page, or a template that it or a DNS host publishes */
	PRESET_SEEN,      /* public configurations agree */
	PRESET_MEMORY     /* compare before use */
};

enum preset_flag {
	PRESET_REGION = 1,  /* the owner's rows with this are regions: hosts of two of them do not belong together */
	PRESET_ANY_RANK = 2 /* the hoster gives each customer preferences of its own */
};

struct preset {
	const char *name;  /* "google-legacy" */
	const char *title; /* "Google Workspace" (a proper name, not translated) */
	const char *owner; /* "google": rows of one owner are one hoster; its first row has the owner's name */
	enum preset_kind kind;
	struct {
		uint32_t preference;
		const char *host;
	} mx[PRESET_MX];                 /* ends with host NULL */
	const char *under[PRESET_UNDER]; /* all names at and below these are the hoster's mail servers; NULL: the rest is unused */
	const char *variable;            /* what {t} is called: "tenant"; NULL: no {t} */
	const char *spf;                 /* what the hoster wants included in SPF; NULL: nothing is known */
	enum preset_sure sure;
	const char *source, *date; /* where the row is from, and when it was looked up: "2026-11" */
	const char *note;          /* N_() or NULL: what to know before using it */
	unsigned flags;
};
extern const struct preset presets[]; /* ends with name NULL */

const struct preset *preset_find(const char *name); /* borrowed or NULL */
/* False where a host holds {t}, which only the customer knows. */
bool preset_is_complete(const struct preset *preset);
/* The hoster's set; keeps set->ttl_s. value stands for {t}, or is a whole host of the row; NULL where the row has no {t}. ERR_USAGE: value
 * is missing, makes no name, or is too much. set must be initialised. */
bool preset_fill(const struct preset *preset, const char *value, struct mxset *set, struct err *err);

/* Whose mail server the host is; NULL: of no hoster that is known. Of several rows, the first one that names it. */
const struct preset *preset_of(const struct dname *host);
/* Who asks for many hosts tells most of those that no row can name by the end of the name. */
struct preset_sieve {
	uint64_t ends[4]; /* those of the table, as bits */
};
void preset_sieve_build(struct preset_sieve *sieve);
const struct preset *preset_of_sieved(const struct preset_sieve *sieve, const struct dname *host); /* as preset_of() */
/* Whose set it is: all hosts belong to one owner (left-over verification records apart). The row that fits best; NULL: none or mixed. */
const struct preset *preset_recognise(const struct mxset *set);
const struct preset *preset_recognise_sieved(const struct preset_sieve *sieve, const struct mxset *set);
/* Where preset names the host, be it with a value for {t}: its place in mx, else PRESET_MX. */
size_t preset_place(const struct preset *preset, const struct dname *host);
/* Of which row's host is this one letter off, as a typing error is? meant: that host. NULL: of none, or it is a row's host itself. */
const struct preset *preset_like(const struct dname *host, char meant[DNAME_TEXT_MAX]);
bool preset_same_owner(const struct preset *a, const struct preset *b);
/* The owner's first row: its title is the hoster's. */
const struct preset *preset_owner(const struct preset *preset);
/* A record that once proved who owns the domain: a target that never existed, or no longer takes mail. */
bool preset_is_leftover(const struct dname *host);

/* Names that hosters gave out once. Collected as the rows above. */
struct preset_retired {
	const char *under; /* all names at and below it ... */
	const char *first; /* ... of which the first label begins so; NULL: any */
	const char *service;
	bool ended; /* the service has ended; else it goes by other names now */
};
const struct preset_retired *preset_retired(const struct dname *host); /* borrowed or NULL */

const char *preset_kind_name(enum preset_kind kind); /* for JSON: "mailbox" ... */
const char *preset_sure_name(enum preset_sure sure); /* "published" | "seen" | "memory" */

#endif
