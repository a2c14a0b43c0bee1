/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/accepting.h"
#include "app/audit.h"
#include "app/audit_worst.h"
#include "app/history.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "check/lint.h"
#include "core/change.h"
#include "core/preset.h"
#include "io/dns_cache.h"
#include "sim/matrix/matrix.h"
#include "base/banned.h"

#define WIDTH 40 /* surveys at a time: a list on a screen is no audit */
#define ABOUT_MOST (ROSTER_ABOUT - 1)
#define NAMES_MAX ((size_t)4 << 20)

/* ---- rows ---- */

static void row_forget(struct roster_row *row)
{
	mxset_release(&row->set);
	mxset_init(&row->set);
	row->hoster = NULL;
	row->worst = NULL;
	memset(row->n_level, 0, sizeof(row->n_level));
	row->own = row->null_mx = row->failure_known = false;
	row->about[0] = row->fails[0] = '\0';
}

static void row_free(struct roster_row *row)
{
	mxset_release(&row->set);
	mxset_release(&row->want);
	free(row->text);
	free(row->shown);
	free(row->account);
	free(row);
}

struct roster *roster_new(struct app *app, void (*changed)(void *data), void *data)
{
	struct roster *roster = mem_alloc(sizeof(*roster));

	*roster = (struct roster){ .app = app, .changed = changed, .data = data };
	roster_read_accepts(roster);
	return roster;
}

void roster_read_accepts(struct roster *roster)
{
	accepts_release(&roster->accepts);
	accepting_read(roster->app, &roster->accepts, NULL);
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	audit_free(roster->audit);
	accepts_release(&roster->accepts);
	for (size_t i = 0; i < roster->n; i++)
		row_free(roster->row[i]);
	free(roster->row);
	free(roster->by_name);
	free(roster);
}

/* The place of the name among those that are sorted by it, or where it belongs. */
static size_t place_of(const struct roster *roster, const struct dname *name)
{
	size_t low = 0, high = roster->n_name;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dname_cmp(&roster->by_name[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct roster_row *roster_find(const struct roster *roster, const struct dname *name)
{
	size_t place = place_of(roster, name);

	return place < roster->n_name && dname_equal(&roster->by_name[place]->name, name) ? roster->by_name[place] : NULL;
}

static struct roster_row *add(struct roster *roster, const struct dname *name)
{
	struct roster_row *row = mem_alloc(sizeof(*row));
	size_t place = place_of(roster, name), cap = roster->cap;
	char text[DNAME_TEXT_MAX];

	*row = (struct roster_row){ .name = *name };
	mxset_init(&row->set);
	mxset_init(&row->want);
	row->text = mem_text(dname_text(name, text));
	row->shown = mem_text(dname_show(name, text));
	row->account = mem_text("");
	roster->row = mem_grow(roster->row, roster->n, &cap, sizeof(struct roster_row *));
	roster->by_name = mem_grow(roster->by_name, roster->n_name, &roster->cap, sizeof(struct roster_row *));
	memmove(roster->by_name + place + 1, roster->by_name + place, (roster->n_name - place) * sizeof(struct roster_row *));
	roster->by_name[place] = row;
	roster->n_name++;
	roster->row[roster->n++] = row;
	roster->unlooked++;
	return row;
}

struct roster_row *roster_know(struct roster *roster, const struct dname *name, const char *account)
{
	struct roster_row *row = roster_find(roster, name);

	if (!row)
		row = add(roster, name);
	if (account) {
		free(row->account);
		row->account = mem_text(account);
	}
	return row;
}

/* ---- what is kept ---- */

static void look_at_draft(struct roster *roster, struct roster_row *row)
{
	struct changes changes = { 0 };
	struct draft draft = { 0 };
	struct plan plan;

	row->changes = 0;
	mxset_release(&row->want);
	mxset_init(&row->want);
	row->drafted = store_draft_exists(roster->app->store, &row->name);
	if (!row->drafted)
		return;
	plan_init(&plan);
	if (store_draft_load(roster->app->store, &row->name, &plan, &draft, NULL)) {
		changes_between(&changes, &draft.base, &draft.want);
		row->changes = changes.n;
		mxset_copy(&row->want, &draft.want);
		row->drafted = draft_dirty(&draft);
	}
	changes_release(&changes);
	draft_release(&draft);
	plan_release(&plan);
}

void roster_look(struct roster *roster, struct roster_row *row)
{
	struct history history = { 0 };

	roster->unlooked -= !row->looked;
	row->looked = true;
	look_at_draft(roster, row);
	row->push_at = 0;
	row->push_is = NULL;
	if (history_read(roster->app, &row->name, &history, NULL) && history.n) {
		const struct past_push *push = &history.push[history.n - 1];

		row->push_at = push->at;
		row->push_is = history_state_text(push);
	}
	history_release(&history);
}

void roster_settle(struct roster *roster)
{
	for (size_t i = 0; roster->unlooked && i < roster->n; i++)
		if (!roster->row[i]->looked)
			roster_look(roster, roster->row[i]);
}

/* ---- what is told ---- */

static void take_findings(struct roster_row *row, const struct facts *facts, const struct accepts *accepts)
{
	struct check_input in = { .domain = &facts->domain, .zone = &facts->zone, .set = &facts->live, .facts = facts };
	struct findings findings = { 0 };
	char host[DNAME_TEXT_MAX];

	lint_run(&in, &findings);
	findings_accept(&findings, accepts, &facts->domain, loop_now());
	for (size_t i = 0; i < findings.n; i++) {
		const struct finding *finding = &findings.finding[i];

		if (finding->accepted)
			break; /* so are all behind it */
		row->n_level[finding->level]++;
		if (row->worst && row->level <= finding->level)
			continue;
		row->worst = finding->check;
		row->level = finding->level;
		snprintf(row->about, sizeof(row->about), "%.*s", ABOUT_MOST,
			finding->mx.host.len && !dname_is_root(&finding->mx.host) ? dname_show(&finding->mx.host, host) : "");
	}
	findings_release(&findings);
}

static bool lies_within(const struct mxset *set, const struct dname *domain)
{
	for (size_t i = 0; i < set->n; i++)
		if (!set->mx[i].host.len || !dname_under(&set->mx[i].host, domain))
			return false;
	return set->n > 0;
}

static void take(struct roster_row *row, const struct facts *facts, const struct accepts *accepts)
{
	const struct preset *preset;
	struct audit_worst worst;

	row_forget(row);
	row->mx = facts->mx;
	row->null_mx = facts->null_mx;
	mxset_copy(&row->set, &facts->live);
	preset = preset_recognise(&row->set);
	row->hoster = preset ? preset_owner(preset)->title : NULL;
	row->own = lies_within(&row->set, &row->name);
	truth_look(&row->truth, facts, loop_now());
	if (truth_tells(facts->mx))
		take_findings(row, facts, accepts);
	row->failure_known = audit_worst(facts, &worst);
	row->lost = worst.lost;
	row->late_s = worst.late_s;
	if (row->failure_known && (worst.lost > MATRIX_NOTHING || worst.late_s > 0))
		snprintf(row->fails, sizeof(row->fails), "%.*s", ABOUT_MOST, worst.what.s);
	audit_worst_release(&worst);
}

/* ---- asking ---- */

static enum audit_next next(void *data, struct dname *domain, struct str *line)
{
	struct roster *roster = data;

	(void)line;
	for (size_t i = 0; i < roster->n; i++) {
		struct roster_row *row = roster->row[(roster->from + i) % roster->n];

		if (row->state != ROSTER_UNASKED)
			continue;
		row->state = ROSTER_ASKED;
		roster->asked++;
		roster->from = (roster->from + i + 1) % roster->n;
		*domain = row->name;
		return AUDIT_NAME;
	}
	return AUDIT_LATER;
}

static void known(void *data, const struct facts *facts, struct str *line)
{
	struct roster *roster = data;
	struct roster_row *row = roster_find(roster, &facts->domain);

	(void)line;
	if (row) {
		take(row, facts, &roster->accepts);
		row->state = ROSTER_TOLD;
		roster->asked--;
		roster->told++;
	}
}

static bool tell(void *data, const char *line)
{
	struct roster *roster = data;

	(void)line;
	if (roster->order != ROSTER_BY_NAME)
		roster_sort(roster, roster->order);
	if (roster->changed)
		roster->changed(roster->data);
	return true;
}

void roster_ask(struct roster *roster, size_t from)
{
	struct audit_options options = { .width = WIDTH, .domain_ms = 4 * roster->app->timeout_ms + 1000 };

	roster->from = from < roster->n ? from : 0;
	if (roster->audit)
		audit_more(roster->audit);
	if (roster->audit || roster->told == roster->n)
		return;
	options.needs =
		(NEEDS_HOSTS | NEEDS_SERVERS | NEEDS_PARENT | NEEDS_TARGET_ZONES | NEEDS_DNSSEC | lint_needs()) & ~(unsigned)NEEDS_SMTP;
	roster->audit = audit_start(roster->app, &options, &(struct audit_face){ next, known, tell, roster });
}

void roster_ask_again(struct roster *roster, struct roster_row *row)
{
	if (row->state != ROSTER_TOLD)
		return;
	dns_cache_forget(roster->app->answers);
	row_forget(row);
	row->state = ROSTER_UNASKED;
	roster->told--;
}

/* ---- order ---- */

static int rank(const struct roster_row *row)
{
	if (row->state != ROSTER_TOLD)
		return LEVEL_COUNT + 2;
	if (row->worst)
		return (int)row->level;
	return truth_tells(row->mx) ? LEVEL_COUNT + 1 : LEVEL_COUNT; /* a set that nobody tells is more to look at than one that is well */
}

static int by_worst(const struct roster_row *a, const struct roster_row *b)
{
	return rank(a) - rank(b);
}

static int by_ttl(const struct roster_row *a, const struct roster_row *b)
{
	uint32_t x = a->state == ROSTER_TOLD && a->set.n ? a->set.ttl_s : MX_TTL_UNKNOWN,
		 y = b->state == ROSTER_TOLD && b->set.n ? b->set.ttl_s : MX_TTL_UNKNOWN;

	return x < y ? -1 : x > y;
}

static int by_account(const struct roster_row *a, const struct roster_row *b)
{
	return !*a->account != !*b->account ? !*a->account - !*b->account : strcmp(a->account, b->account);
}

typedef int (*roster_compare_fn)(const struct roster_row *a, const struct roster_row *b);

static int compare(const void *a, const void *b, void *order)
{
	static const roster_compare_fn compares[ROSTER_ORDERS] = {
		[ROSTER_BY_WORST] = by_worst, [ROSTER_BY_TTL] = by_ttl, [ROSTER_BY_ACCOUNT] = by_account
	};
	const struct roster_row *const *x = a, *const *y = b;
	roster_compare_fn by = compares[*(const enum roster_order *)order];
	int way = by ? by(*x, *y) : 0;

	return way ? way : strcmp((*x)->text, (*y)->text);
}

void roster_sort(struct roster *roster, enum roster_order order)
{
	roster->order = order;
	if (roster->n)
		qsort_r(roster->row, roster->n, sizeof(*roster->row), compare, &order);
}

/* ---- a file of names ---- */

/* The next line without its blanks and comment; false: there is none. */
static char *next_line(char **text, int *number)
{
	char *line = *text, *end;

	if (!*line)
		return NULL;
	(*number)++;
	*text += strcspn(line, "\n");
	if (**text)
		*(*text)++ = '\0';
	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t\r");
	for (end = line + strlen(line); end > line && strchr(" \t\r", end[-1]); end--)
		end[-1] = '\0';
	return line;
}

static bool each_name(struct roster *roster, const char *list, size_t *n, struct err *err)
{
	char *text = mem_text(list), *at = text, *line;
	struct dname name;
	bool ok = true;
	int number = 0;

	for (*n = 0; ok && (line = next_line(&at, &number));) {
		if (!*line)
			continue;
		ok = dname_parse(&name, line, err) || err_context(err, N_("line %d"), number);
		if (ok && roster)
			roster_know(roster, &name, NULL);
		*n += ok;
	}
	free(text);
	return ok;
}

bool roster_read(struct roster *roster, const char *path, size_t *n, struct err *err)
{
	struct str list;
	bool ok;

	str_init(&list, NAMES_MAX + 1);
	ok = store_read_file(path, NAMES_MAX, &list, err) && each_name(NULL, list.s, n, err) && each_name(roster, list.s, n, err);
	str_release(&list);
	return ok || err_context(err, "%s", path);
}
