/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to the terminal's clipboard. */
#include "base/i18n.h"
#include "tui/ui.h"
#include "base/banned.h"

/* What is known of the way there is said; whether it was taken, nobody tells. */
static enum ui_wish send_copy(struct ui *ui)
{
	static const char *const told[] = {
		[CLIPBOARD_TERMINAL] = N_("Sent to the terminal's clipboard as zone file lines; not every terminal takes them."),
		[CLIPBOARD_TMUX] = N_("Sent to the terminal's clipboard as zone file lines. tmux takes them with set-clipboard on only."),
		[CLIPBOARD_SCREEN] =
			N_("Sent through GNU screen to the terminal's clipboard as zone file lines; not every terminal takes them."),
		[CLIPBOARD_NONE] = N_("A console has no clipboard: nothing was copied. mxladder show prints the set."),
	};
	struct str text;

	if (ui->copied.len > COPY_MAX) {
		str_init(&text, 0);
		str_addf(&text,
			_("The set is %zu bytes long, and terminals take no more than %d into a clipboard: nothing was copied. mxladder show prints it."),
			ui->copied.len, COPY_MAX);
		ui_message(ui, ROLE_ERROR, text.s);
		str_release(&text);
		return UI_DRAW;
	}
	ui_message(ui, ui->hooks.clipboard == CLIPBOARD_NONE ? ROLE_ERROR : ROLE_MESSAGE, _(told[ui->hooks.clipboard]));
	return ui->hooks.clipboard == CLIPBOARD_NONE ? UI_DRAW : UI_COPY;
}

enum ui_wish ui_copy_set(struct ui *ui)
{
	const struct mxset *set = session_set(ui->session);
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	str_clear(&ui->copied);
	dname_text_dot(session_domain(ui->session), name);
	for (size_t i = 0; i < set->n; i++) {
		mx_host_text(&set->mx[i], host);
		str_addf(&ui->copied, "%s\t", name);
		if (set->ttl_s != MX_TTL_UNKNOWN)
			str_addf(&ui->copied, "%u\t", set->ttl_s);
		str_addf(&ui->copied, "IN\tMX\t%u %s%s\n", set->mx[i].preference, host, dname_is_root(&set->mx[i].host) ? "" : ".");
	}
	return send_copy(ui);
}
