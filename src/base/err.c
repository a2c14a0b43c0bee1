/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include "base/banned.h"

static const struct {
	const char *name;
	int status;
} codes[ERR_CODES] = {
	[ERR_NONE] = { "none", 0 },
	[ERR_FALSE] = { "false", 1 },
	[ERR_USAGE] = { "usage", 2 },
	[ERR_NETWORK] = { "network", 3 },
	[ERR_FILE] = { "file", 4 },
	[ERR_AUTH] = { "auth", 5 },
	[ERR_CONFLICT] = { "conflict", 6 },
	[ERR_INTERRUPTED] = { "interrupted", 7 },
	[ERR_REFUSED] = { "refused", 8 },
	[ERR_APPROVAL] = { "approval", 9 },
	[ERR_BLOCKED] = { "blocked", 1 },
};

bool err_set(struct err *err, enum err_code code, const char *id, ...)
{
	va_list args;

	if (!err)
		return false;
	va_start(args, id);
	msg_vset(&err->what, id, args);
	va_end(args);
	err->code = code;
	err->hint.id = NULL;
	for (size_t i = 0; i < ERR_CONTEXTS; i++)
		err->context[i].id = NULL;
	return false;
}

void err_hint(struct err *err, const char *id, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, id);
	msg_vset(&err->hint, id, args);
	va_end(args);
}

bool err_context(struct err *err, const char *id, ...)
{
	va_list args;
	size_t i = 0;

	if (!err)
		return false;
	while (i < ERR_CONTEXTS - 1 && err->context[i].id)
		i++;
	va_start(args, id);
	msg_vset(&err->context[i], id, args);
	va_end(args);
	return false;
}

int err_exit_status(enum err_code code)
{
	return codes[code].status;
}

const char *err_code_name(enum err_code code)
{
	return codes[code].name;
}

void err_format(const struct err *err, const struct msg_tongue *tongue, struct str *out)
{
	for (size_t i = ERR_CONTEXTS; i > 0; i--) {
		if (!err->context[i - 1].id)
			continue;
		msg_format(&err->context[i - 1], tongue, out);
		str_add(out, ": ");
	}
	msg_format(&err->what, tongue, out);
}
