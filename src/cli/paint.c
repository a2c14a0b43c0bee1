/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/paint.h"

#include <langinfo.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/print.h"
#include "base/banned.h"

bool paint_ascii(const struct call *call)
{
	return call_has(call, "--ascii") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static void add_escaped(struct str *out, const char *text)
{
	text_escape(out, text, strlen(text));
}

void paint_name(struct str *out, const struct dname *name)
{
	char text[DNAME_TEXT_MAX];

	add_escaped(out, dname_show(name, text));
}

void paint_mx(struct str *out, const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];

	add_escaped(out, mx_host_show(mx, text));
}
