/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/translate.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

static const char *one(const char *id)
{
	return *id ? gettext(id) : "";
}

static const char *many(const char *id, const char *plural, unsigned long n)
{
	return ngettext(id, plural, n);
}

const struct msg_tongue translate_tongue = { one, many };

void translate_msg(struct str *out, const struct msg *msg)
{
	if (msg->id)
		msg_format(msg, &translate_tongue, out);
}

void translate_err(struct str *out, const struct err *err)
{
	err_format(err, &translate_tongue, out);
	if (err->hint.id) {
		str_add(out, ". ");
		translate_msg(out, &err->hint);
	}
}

void translate_name(struct str *out, const struct dname *name, bool ascii)
{
	char text[DNAME_TEXT_MAX];

	if (!name->len)
		return;
	if (ascii)
		dname_text(name, text);
	else
		dname_show(name, text);
	text_escape(out, text, strlen(text));
}

void translate_mx(struct str *out, const struct mx *mx, bool ascii)
{
	if (mx->host.len && !dname_is_root(&mx->host))
		translate_name(out, &mx->host, ascii);
	else if (mx->host.len)
		str_add(out, _(". (no mail)"));
	else
		text_escape(out, mx->odd, strlen(mx->odd));
}

void translate_ago(struct str *out, int64_t seconds)
{
	if (seconds < 60)
		str_add(out, _("just now"));
	else if (seconds < 3600)
		str_addf(out, _("%d min ago"), (int)(seconds / 60));
	else if (seconds < 86400)
		str_addf(out, _("%d h ago"), (int)(seconds / 3600));
	else
		str_addf(out, ngettext("%d day ago", "%d days ago", (unsigned long)(seconds / 86400)), (int)(seconds / 86400));
}

void translate_left(struct str *out, uint32_t left_s)
{
	text_duration(out, left_s >= 3600 ? left_s - left_s % 60 : left_s);
}

void translate_ttl(struct str *out, uint32_t ttl_s)
{
	if (ttl_s == MX_TTL_UNKNOWN)
		str_add(out, _("not known"));
	else
		text_duration(out, ttl_s);
}
