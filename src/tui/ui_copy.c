/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes to the terminal's clipboard. */
#include "app/requests.h"
#include "base/i18n.h"
#include "tui/ui.h"
#include "base/banned.h"

static const char *const told_set[] = {
	[CLIPBOARD_TERMINAL] = N_("Sent to the terminal's clipboard as zone file lines; not every terminal takes them."),
	[CLIPBOARD_TMUX] = N_("Sent to the terminal's clipboard as zone file lines. tmux takes them with set-clipboard on only."),
	[CLIPBOARD_SCREEN] = N_("Sent through GNU screen to the terminal's clipboard as zone file lines; not every terminal takes them."),
	[CLIPBOARD_NONE] = N_("A console has no clipboard: nothing was copied. mxladder show prints the set."),
};
static const char *const told_request[] = {
	[CLIPBOARD_TERMINAL] = N_("Sent to the terminal's clipboard as a curl command; not every terminal takes it. Secrets are left out: "
				  "KEY_FILE stands for a file with the key, *** for other secrets."),
	[CLIPBOARD_TMUX] =
		N_("Sent to the terminal's clipboard as a curl command. tmux takes it with set-clipboard on only. Secrets are left "
		   "out: KEY_FILE stands for a file with the key, *** for other secrets."),
	[CLIPBOARD_SCREEN] =
		N_("Sent through GNU screen to the terminal's clipboard as a curl command; not every terminal takes it. Secrets "
		   "are left out: KEY_FILE stands for a file with the key, *** for other secrets."),
	[CLIPBOARD_NONE] = N_("A console has no clipboard: nothing was copied."),
};

/* Copies a text, and says what is known of the way there. Whether the terminal took it, nobody tells. */
static enum ui_wish send_copy(struct ui *ui, bool request)
{
	const char *const *told = request ? told_request : told_set;
	struct str text;

	if (ui->copied.len > COPY_MAX) {
		str_init(&text, 0);
		str_addf(&text,
			request ? _("The command is %zu bytes long, and terminals take no more than %d into a clipboard: nothing was copied.")
				: _("The set is %zu bytes long, and terminals take no more than %d into a clipboard: nothing was copied. mxladder show prints it."),
			ui->copied.len, COPY_MAX);
		ui_message(ui, ROLE_ERROR, text.s);
		str_release(&text);
		return UI_DRAW;
	}
	ui_message(ui, ui->hooks.clipboard == CLIPBOARD_NONE ? ROLE_ERROR : ROLE_MESSAGE, _(told[ui->hooks.clipboard]));
	return ui->hooks.clipboard == CLIPBOARD_NONE ? UI_DRAW : UI_COPY;
}

static enum ui_wish copy_request(struct ui *ui)
{
	const struct scene scene = ui_scene(ui);
	const struct request_row *row = requests_selected(ui_top(ui), &scene);

	if (!row || !row->curl) {
		ui_message(ui, ROLE_ERROR,
			!row        ? _("There is no request to copy.")
			: row->push ? _("Of a request of another run not all is kept: curl cannot send it again.")
				    : _("curl cannot send this request: it is not HTTP, or is signed afresh each time."));
		return UI_DRAW;
	}
	str_clear(&ui->copied);
	str_add(&ui->copied, row->curl);
	str_add(&ui->copied, "\n");
	return send_copy(ui, true);
}

static enum ui_wish copy_set(struct ui *ui)
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
	return send_copy(ui, false);
}

enum ui_wish ui_copy(struct ui *ui)
{
	if (ui_top(ui)->class == &screen_requests)
		return copy_request(ui);
	return ui->session ? copy_set(ui) : UI_DRAW;
}
