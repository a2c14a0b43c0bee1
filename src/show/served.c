/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/served.h"

#include "base/i18n.h"
#include "base/text.h"
#include "show/translate.h"
#include "base/banned.h"

static struct sign row_sign(const struct served_row *row)
{
	bool good = seen_is_enough(&row->seen);

	if (good)
		return (struct sign){ ROLE_OK, "✔" };
	if (row->state == SERVER_PENDING || row->seen.matches)
		return (struct sign){ ROLE_PENDING, "…" };
	return (struct sign){ ROLE_WARNING, "▲" };
}

static void add_seen(const struct seen *seen, int64_t now, struct str *out)
{
	struct str ago;

	if (!now || !seen->matches || !seen->since)
		return;
	str_init(&ago, 0);
	translate_ago(&ago, now - seen->since);
	str_addf(out, ngettext("seen %u time, first %s", "seen %u times, first %s", seen->times), seen->times, ago.s);
	str_release(&ago);
}

static void add_row(const struct served_row *row, int64_t now, bool ascii, struct document *document)
{
	struct sign sign = row_sign(row);
	struct str *cell;

	document_row(document);
	translate_name(document_sign(document, sign, 0), &row->name, ascii);
	cell = document_cell(document, ROLE_ADDRESS, 2, "");
	if (row->at.addr.family)
		dns_endpoint_text(&row->at, cell);
	document_put(document, sign.role, 0, _(served_row_text(row)));
	cell = document_cell(document, ROLE_DIM, 1, "");
	if (row->has_serial)
		str_addf(cell, _("serial %u"), row->serial);
	add_seen(&row->seen, now, document_cell(document, ROLE_DIM, 3, ""));
}

void served_document(const struct served *served, int64_t now, bool ascii, struct document *document)
{
	for (size_t i = 0; i < served->n; i++)
		add_row(&served->row[i], now, ascii, document);
}

void drain_document(const struct drain *drain, int64_t safe_at, int64_t tail_at, int64_t now, struct document *document)
{
	struct str left;
	struct msg msg;

	if (!safe_at)
		return;
	drain_msg(drain, safe_at, &msg);
	document_msg(document, now && safe_at <= now ? ROLE_OK : ROLE_NOTICE, "", &msg);
	if (now && safe_at > now) {
		str_init(&left, 0);
		text_duration(&left, (uint64_t)(safe_at - now + 59) / 60 * 60);
		str_addf(document_sentence(document, ROLE_NOTICE, ""),
			_("That is %s from now: until then keep the servers that only the old set names."), left.s);
		str_release(&left);
	}
	drain_tail_msg(tail_at, &msg);
	document_msg(document, ROLE_DIM, "", &msg);
}
