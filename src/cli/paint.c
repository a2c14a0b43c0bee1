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

void paint_name(struct str *out, const struct dname *name)
{
	char text[DNAME_TEXT_MAX];
	const char *shown = dname_show(name, text);

	text_escape(out, shown, strlen(shown));
}
