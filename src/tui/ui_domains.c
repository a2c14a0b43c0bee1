/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done with many domains: they are asked, put in order, selected; one edit of all, one plan file, the zones of the accounts. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/bulk.h"
#include "app/roster_zones.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "core/meant.h"
#include "show/translate.h"
#include "tui/screen/domains.h"
#include "tui/ui.h"
#include "base/banned.h"

void ui_know(struct ui *ui, const struct known_domain *domain)
{
	struct roster_row *row = roster_know(ui->roster, &domain->name, domain->account);

	row->configured |= domain->configured;
	row->drafted |= domain->drafted;
}

/* ---- what is meant ---- */

/* The rows that an action is for; free them. */
static struct roster_row **meant(const struct ui *ui, size_t *n)
{
	struct roster_row **row = mem_alloc((ui->roster->n + 1) * sizeof(struct roster_row *));

	*n = domains_meant(&ui->stack[ui->depth - 1], ui->roster, row);
	return row;
}

static bool is_open(const struct ui *ui, const struct roster_row *row)
{
	return ui->session && dname_equal(session_domain(ui->session), &row->name);
}

/* What an edit would begin from; NULL: nobody has told yet. The draft of the open domain may be on its way to the disk. */
static const struct mxset *base_of(const struct ui *ui, const struct roster_row *row)
{
	if (is_open(ui, row) && session_drafting(ui->session))
		return session_set(ui->session);
	return row->drafted ? &row->want : row->state == ROSTER_TOLD && truth_tells(row->mx) ? &row->set : NULL;
}

/* ---- selecting, order ---- */

static void select_all(struct ui *ui)
{
	const struct screen *screen = ui_top(ui);
	bool all = true;

	for (size_t i = 0; i < ui->roster->n; i++)
		all = all && (ui->roster->row[i]->selected || !domains_shows(screen, ui->roster->row[i]));
	for (size_t i = 0; i < ui->roster->n; i++)
		if (domains_shows(screen, ui->roster->row[i]))
			ui->roster->row[i]->selected = !all;
}

static void select_one(struct ui *ui)
{
	struct screen *screen = ui_top(ui);
	int at = 0;

	for (size_t i = 0; i < ui->roster->n; i++)
		if (domains_shows(screen, ui->roster->row[i]) && at++ == screen->list.selected)
			ui->roster->row[i]->selected = !ui->roster->row[i]->selected;
	list_move(&screen->list, ACTION_DOWN);
	screen->focus.host = (struct dname){ 0 };
}

static void ask_again(struct ui *ui)
{
	struct roster_row **row;
	size_t n;

	row = meant(ui, &n);
	for (size_t i = 0; i < n; i++)
		roster_ask_again(ui->roster, row[i]);
	free(row);
}

/* ---- the zones of the accounts ---- */

static void on_zones(void *data, const char *account, size_t n, const struct err *err)
{
	struct ui *ui = data;
	struct str text;

	str_init(&text, 0);
	if (err)
		ui_error(ui, err);
	else if (account)
		str_addf(&text, ngettext("%s lists %zu zone.", "%s lists %zu zones.", n), account, n);
	if (text.len)
		ui_message(ui, ROLE_MESSAGE, text.s);
	str_release(&text);
	if (!account) {
		roster_zones_free(ui->zones);
		ui->zones = NULL;
	}
	if (ui->hooks.changed)
		ui->hooks.changed(ui->hooks.data);
}

static void list_zones(struct ui *ui)
{
	const struct config *config = &ui->hooks.app->config;
	bool any = false;

	for (size_t i = 0; i < config->n; i++)
		any = any || !strcmp(config->section[i].kind, "account");
	if (!any) {
		ui_message(ui, ROLE_MESSAGE, _("No account is configured."));
	} else if (!ui->zones) {
		ui_message(ui, ROLE_PENDING, _("Asking the accounts for their zones …"));
		ui->zones = roster_zones_start(ui->roster, on_zones, ui);
	}
}

void ui_domains_react(struct ui *ui, enum action action)
{
	switch (action) {
	case ACTION_SELECT:
		select_one(ui);
		break;
	case ACTION_SELECT_ALL:
		select_all(ui);
		break;
	case ACTION_ORDER:
		roster_sort(ui->roster, (ui->roster->order + 1) % ROSTER_ORDERS);
		break;
	case ACTION_SURVEY:
		ask_again(ui);
		break;
	case ACTION_ZONES:
		list_zones(ui);
		break;
	default:
		break;
	}
}

/* Looks again at the domain that was open: its draft is on disk, and what a push changed is asked for again. */
void ui_domains_return(struct ui *ui)
{
	struct roster_row *row = ui->session ? roster_find(ui->roster, session_domain(ui->session)) : NULL;
	int64_t push_at = row ? row->push_at : 0;

	if (!row || ui_top(ui)->class != &screen_domains)
		return;
	session_save(ui->session, NULL);
	roster_look(ui->roster, row);
	if (row->push_at != push_at)
		roster_ask_again(ui->roster, row);
}

/* Reads what is kept of the domains when the list is about to be seen. */
void ui_domains_look(struct ui *ui)
{
	if (ui_top(ui)->class == &screen_domains)
		roster_settle(ui->roster);
}

/* Asks for the domains that were not asked while the list is seen; those on the screen first. */
void ui_domains_settle(struct ui *ui)
{
	const struct screen *top = ui_top(ui);

	if (top->class == &screen_domains && ui->asks)
		roster_ask(ui->roster, top->filter[0] ? 0 : (size_t)top->list.top);
}

/* ---- one edit of all ---- */

/* One domain's line of the preview. */
static void add_preview(struct ui *ui, const struct roster_row *row, const char *edit, struct str *out)
{
	const struct mxset *base = base_of(ui, row);
	struct edits edits = { 0 };
	struct mxset set = { 0 };
	struct err err = { 0 };
	struct str text;
	bool ok;

	str_init(&text, 0);
	if (base)
		mxset_copy(&set, base);
	ok = base && bulk_parse(&row->name, edit, &edits, &err);
	for (size_t i = 0; ok && i < edits.n; i++)
		ok = edit_run(&set, &edits.edit[i], &err);
	if (!base)
		str_add(&text, _("what is there now is not known yet"));
	else if (!ok)
		translate_msg(&text, &err.what);
	else if (mxset_equal(base, &set))
		str_add(&text, _("nothing changes"));
	else
		ui_add_changes(base, &set, &text);
	str_addf(out, "%s%s: %s", out->len ? "\n" : "", row->shown, text.s);
	edits_release(&edits);
	mxset_release(&set);
	str_release(&text);
}

void ui_domains_understood(struct ui *ui, const char *edit, struct str *out)
{
	size_t n, most = (size_t)(ui->canvas.height > 12 ? ui->canvas.height / 2 - 3 : 3);
	struct roster_row **row = meant(ui, &n);

	for (size_t i = 0; *edit && i < n && i < most; i++)
		add_preview(ui, row[i], edit, out);
	if (*edit && n > most) {
		str_add(out, "\n");
		str_addf(out, ngettext("and %zu more", "and %zu more", n - most), n - most);
	}
	free(row);
}

/* Tells how many drafts were changed, and each that the edit did not fit. */
static void tell_bulk(struct ui *ui)
{
	const struct bulk *bulk = ui->bulk;
	size_t drafted = bulk_count(bulk, BULK_DRAFTED) + ui->bulk_drafted, same = bulk_count(bulk, BULK_SAME) + ui->bulk_same;
	struct str text, why;

	str_init(&text, 0);
	str_addf(&text, ngettext("%zu draft changed.", "%zu drafts changed.", drafted), drafted);
	if (same) {
		str_add(&text, " ");
		str_addf(&text, ngettext("%zu stays as it is.", "%zu stay as they are.", same), same);
	}
	for (size_t i = 0; i < bulk->n; i++) {
		char name[DNAME_TEXT_MAX];

		if (bulk->row[i].end != BULK_REFUSED)
			continue;
		str_init(&why, 0);
		translate_msg(&why, &bulk->row[i].err.what);
		str_addf(&text, "\n%s: %s", dname_show(&bulk->row[i].domain, name), why.s);
		str_release(&why);
	}
	ui_message(ui, bulk_count(bulk, BULK_REFUSED) ? ROLE_WARNING : ROLE_DRAFT, text.s);
	str_release(&text);
}

static void on_bulk(void *data)
{
	struct ui *ui = data;
	struct str text;

	if (bulk_running(ui->bulk)) {
		str_init(&text, 0);
		str_addf(&text, _("Drafts: %zu of %zu done …"), ui->bulk->done, ui->bulk->n);
		ui_message(ui, ROLE_PENDING, text.s);
		str_release(&text);
	} else {
		for (size_t i = 0; i < ui->bulk->n; i++) {
			struct roster_row *row = roster_find(ui->roster, &ui->bulk->row[i].domain);

			if (row)
				roster_look(ui->roster, row);
		}
		tell_bulk(ui);
	}
	if (ui->hooks.changed)
		ui->hooks.changed(ui->hooks.data);
}

/* The open domain's own session edits it: two would not know of each other. */
static bool edit_open(struct ui *ui, const char *edit, struct err *err)
{
	size_t before = session_draft(ui->session)->n_undo;
	struct edits edits = { 0 };
	bool ok = bulk_parse(session_domain(ui->session), edit, &edits, err) && session_edit(ui->session, edits.edit, edits.n, err) &&
		  session_save(ui->session, err);

	edits_release(&edits);
	ui->bulk_drafted = ok && session_draft(ui->session)->n_undo != before;
	ui->bulk_same = ok && !ui->bulk_drafted;
	return ok;
}

static bool edit_selected(struct ui *ui, const char *edit, struct err *err)
{
	size_t n, others = 0;
	struct roster_row **row = meant(ui, &n);
	struct dname *domain = mem_alloc((n + 1) * sizeof(*domain));
	struct edits edits = { 0 };
	bool ok = n && bulk_parse(&row[0]->name, edit, &edits, err);

	edits_release(&edits);
	ui->bulk_drafted = ui->bulk_same = 0;
	for (size_t i = 0; ok && i < n; i++)
		if (is_open(ui, row[i])) {
			ok = edit_open(ui, edit, err);
			roster_look(ui->roster, row[i]);
		} else {
			domain[others++] = row[i]->name;
		}
	if (ok) {
		bulk_free(ui->bulk);
		ui->bulk = bulk_start(ui->hooks.app, others, domain, edit);
		bulk_on_change(ui->bulk, on_bulk, ui);
		if (!others)
			tell_bulk(ui);
	}
	free(domain);
	free(row);
	return ok;
}

/* ---- one plan file ---- */

static void add_plan(struct ui *ui, const struct roster_row *row, struct plans *plans)
{
	struct draft draft = { 0 };
	struct plan plan;

	plan_init(&plan);
	if (store_draft_load(ui->hooks.app->store, &row->name, &plan, &draft, NULL) && draft_dirty(&draft)) {
		plans->plan = mem_grow(plans->plan, plans->n, &plans->cap, sizeof(*plans->plan));
		plan_seal(&plan);
		plans->plan[plans->n++] = plan;
	} else {
		plan_release(&plan);
	}
	draft_release(&draft);
}

static bool write_plans(const char *path, const struct plans *plans, struct err *err)
{
	struct str text;
	bool ok;

	if (access(path, F_OK) == 0)
		return err_set(err, ERR_FILE, N_("there is a file %s already"), path);
	str_init(&text, 0);
	plans_format(plans, &text);
	ok = store_write_file(path, text.s, text.len, 0644, err);
	str_release(&text);
	return ok;
}

static bool plan_selected(struct ui *ui, const char *path, struct err *err)
{
	struct plans plans = { .many = true };
	size_t n;
	struct roster_row **row = meant(ui, &n);
	struct str text;
	bool ok;

	if (ui->session)
		session_save(ui->session, NULL);
	for (size_t i = 0; i < n; i++)
		add_plan(ui, row[i], &plans);
	ok = plans.n ? write_plans(path, &plans, err) : err_set(err, ERR_USAGE, N_("none of the domains has a draft"));
	if (ok) {
		str_init(&text, 0);
		str_addf(&text,
			ngettext("%zu plan written to %s: mxladder approve and push take it.",
				"%zu plans written to %s: mxladder approve and push take them.", plans.n),
			plans.n, path);
		ui_message(ui, ROLE_MESSAGE, text.s);
		str_release(&text);
	}
	plans_release(&plans);
	free(row);
	return ok;
}

static bool read_names(struct ui *ui, const char *path, struct err *err)
{
	struct str text;
	size_t n;

	if (!roster_read(ui->roster, path, &n, err))
		return false;
	roster_sort(ui->roster, ui->roster->order);
	str_init(&text, 0);
	str_addf(&text, ngettext("%zu name read from %s.", "%zu names read from %s.", n), n, path);
	ui_message(ui, ROLE_MESSAGE, text.s);
	str_release(&text);
	return true;
}

bool ui_domains_answer(struct ui *ui, enum question_kind ask, const char *text)
{
	struct err err = { 0 };
	bool ok = true;

	if (!*text)
		return true;
	if (ask == ASK_EDIT_SELECTED)
		ok = edit_selected(ui, text, &err);
	else if (ask == ASK_PLAN_FILE)
		ok = plan_selected(ui, text, &err);
	else if (ask == ASK_NAMES)
		ok = read_names(ui, text, &err);
	return ok || ui_refuse(ui, &err);
}

bool ui_open_typed(struct ui *ui, const char *text)
{
	struct known_domain typed = { 0 };
	struct err err = { 0 };

	if (!meant_domain(&typed.name, text, &err) || !ui_open(ui, &typed.name, &err))
		return ui_refuse(ui, &err);
	ui_survey(ui);
	ui_know(ui, &typed);
	roster_sort(ui->roster, ui->roster->order);
	if (ui->stack[0].class == &screen_domains)
		ui->stack[0].focus.host = typed.name;
	return true;
}

void ui_domains_release(struct ui *ui)
{
	roster_zones_free(ui->zones);
	bulk_free(ui->bulk);
	roster_free(ui->roster);
}
