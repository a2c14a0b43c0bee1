/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The accounts of the configuration: who holds the zones, where the key is, what a trial said. */
#include "app/app.h"
#include "base/i18n.h"
#include "show/accounts.h"
#include "tui/fuzzy.h"
#include "tui/screen/screen.h"
#include "tui/screen/split.h"
#include "base/banned.h"

static bool shown(const struct screen *screen, const struct config_section *section)
{
	return fuzzy_holds(section->name, screen->filter);
}

/* The row-th of those that are shown; *count (or NULL): how many there are. */
static const struct config_section *account_at(const struct screen *screen, const struct scene *scene, int row, int *count)
{
	const struct config_section *section, *found = NULL;
	int n = 0;

	for (size_t i = 0; (section = accounts_at(&scene->app->config, i)); i++)
		if (shown(screen, section) && n++ == row)
			found = section;
	if (count)
		*count = n;
	return found;
}

static void add_none(const struct screen *screen, const struct scene *scene, struct document *document)
{
	struct str key;

	if (screen->filter[0]) {
		str_add(document_sentence(document, ROLE_TEXT, ""), _("No account holds that word."));
		return;
	}
	str_init(&key, 0);
	str_add(document_sentence(document, ROLE_TEXT, ""), _("No account is configured."));
	if (!scene_adds_accounts(scene))
		str_add(document_sentence(document, ROLE_TEXT, ""),
			_("An account is written into the configuration, which --read-only and --demo forbid."));
	else if (keymap_name(scene->keymap, ACTION_ADD_ACCOUNT, &key))
		str_addf(document_sentence(document, ROLE_TEXT, ""), _("%s adds one: until then nothing can be pushed."), key.s);
	str_release(&key);
}

static void tell_selected(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct config_section *section = account_at(screen, scene, screen->list.selected, NULL);

	if (!section)
		return;
	account_document(&scene->app->config, section, account_test_of(scene->tests, section->name), document);
	account_pace_document(scene->app, section->name, document);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct config_section *section;

	for (int i = 0; (section = account_at(screen, scene, i, NULL)); i++) {
		document->item = i;
		account_add_row(&scene->app->config, section, account_test_of(scene->tests, section->name), document);
	}
	document->item = -1;
	if (!document->n)
		add_none(screen, scene, document);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	enum action unfit[4] = { ACTION_NONE }, *last = unfit;
	struct scene here = *scene;
	struct area area;
	struct split split;

	split_begin(&split);
	account_at(screen, scene, -1, &split.n);
	list_fit(&screen->list, split.n, screen->list.page);
	tell(screen, scene, split.n ? &split.rows : &split.below);
	tell_selected(screen, scene, &split.below);
	if (!split.n) {
		*last++ = ACTION_TEST;
		*last++ = ACTION_REMOVE_ACCOUNT;
	}
	if (split_fits(&split.below, canvas, split_rows(&split, canvas)))
		*last = ACTION_PANE;
	here.unfit = unfit;
	screen->pane = screen->pane && !*last;
	area = frame_draw(canvas, &here, screen->class, _("ACCOUNTS"));
	split_draw(&split, canvas, area, screen);
	split_release(&split);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct config_section *section = account_at(screen, scene, screen->list.selected, NULL);

	if (split_act(screen, scene, action)) {
		reaction->kind = REACT_DONE;
	} else if (action != ACTION_TEST && action != ACTION_OPEN && action != ACTION_REMOVE_ACCOUNT) {
		return;
	} else if (!section) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("there is no account here"));
	} else {
		reaction->kind = REACT_ACCOUNT;
		reaction->action = action;
		reaction->name = section->name;
	}
}

const struct screen_class screen_accounts = { "accounts", IN_ACCOUNTS, draw, act, screen_filter_answer, tell, tell_selected };
