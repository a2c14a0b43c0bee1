/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/msg.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/banned.h"

enum argument { ARG_NONE, ARG_TEXT, ARG_CHAR, ARG_INT, ARG_UINT, ARG_LONG, ARG_ULONG, ARG_SIZE, ARG_LLONG, ARG_ULLONG };

/* The conversions a message may hold; longer spellings before their own beginnings. */
static const struct {
	const char *spelling;
	enum argument type;
} conversions[] = {
	{ "lld", ARG_LLONG },
	{ "llu", ARG_ULLONG },
	{ "ld", ARG_LONG },
	{ "lu", ARG_ULONG },
	{ "zu", ARG_SIZE },
	{ "s", ARG_TEXT },
	{ "c", ARG_CHAR },
	{ "d", ARG_INT },
	{ "i", ARG_INT },
	{ "u", ARG_UINT },
};

/* What follows a '%'; moves *at past it. ARG_NONE leaves *at alone. */
static enum argument conversion(const char **at)
{
	for (size_t i = 0; i < sizeof(conversions) / sizeof(conversions[0]); i++) {
		size_t len = strlen(conversions[i].spelling);

		if (strncmp(*at, conversions[i].spelling, len) == 0) {
			*at += len;
			return conversions[i].type;
		}
	}
	return ARG_NONE;
}

static void keep(char arg[MSG_ARG_MAX], enum argument type, va_list *args)
{
	const char *text;

	switch (type) {
	case ARG_TEXT:
		text = va_arg(*args, const char *);
		text_shorten(arg, MSG_ARG_MAX, text ? text : "");
		break;
	case ARG_CHAR:
		arg[0] = (char)va_arg(*args, int);
		arg[1] = '\0';
		break;
	case ARG_INT:
		snprintf(arg, MSG_ARG_MAX, "%d", va_arg(*args, int));
		break;
	case ARG_UINT:
		snprintf(arg, MSG_ARG_MAX, "%u", va_arg(*args, unsigned int));
		break;
	case ARG_LONG:
		snprintf(arg, MSG_ARG_MAX, "%ld", va_arg(*args, long));
		break;
	case ARG_ULONG:
		snprintf(arg, MSG_ARG_MAX, "%lu", va_arg(*args, unsigned long));
		break;
	case ARG_SIZE:
		snprintf(arg, MSG_ARG_MAX, "%zu", va_arg(*args, size_t));
		break;
	case ARG_LLONG:
		snprintf(arg, MSG_ARG_MAX, "%lld", va_arg(*args, long long));
		break;
	case ARG_ULLONG:
		snprintf(arg, MSG_ARG_MAX, "%llu", va_arg(*args, unsigned long long));
		break;
	case ARG_NONE:
		break;
	}
}

void msg_vset(struct msg *msg, const char *id, va_list args)
{
	struct msg made = { .id = id }; /* apart from *msg, whose own text may be among the arguments */
	size_t n = 0;
	va_list mine;

	va_copy(mine, args);
	for (const char *at = id; (at = strchr(at, '%'));) {
		enum argument type;

		at++;
		if (*at == '%') {
			at++;
			continue;
		}
		type = conversion(&at);
		assert(type != ARG_NONE && n < MSG_ARGS);
		if (type == ARG_NONE || n == MSG_ARGS)
			break;
		keep(made.arg[n++], type, &mine);
	}
	va_end(mine);
	*msg = made;
}

void msg_set(struct msg *msg, const char *id, ...)
{
	va_list args;

	va_start(args, id);
	msg_vset(msg, id, args);
	va_end(args);
}

void msg_set_n(struct msg *msg, unsigned long n, const char *id, const char *plural, ...)
{
	va_list args;

	va_start(args, plural);
	/* Of the two forms the plural is the one that surely shows every argument. */
	msg_vset(msg, plural, args);
	va_end(args);
	msg->id = id;
	msg->plural = plural;
	msg->n = n;
}

static const char *translate(const struct msg *msg, const struct msg_tongue *tongue)
{
	if (msg->plural && tongue && tongue->many)
		return tongue->many(msg->id, msg->plural, msg->n);
	if (msg->plural)
		return msg->n == 1 ? msg->id : msg->plural;
	return tongue && tongue->one ? tongue->one(msg->id) : msg->id;
}

void msg_format(const struct msg *msg, const struct msg_tongue *tongue, struct str *out)
{
	size_t next = 0;

	if (!msg->id)
		return;
	for (const char *at = translate(msg, tongue); *at;) {
		const char *after = at + 1;
		size_t i = next;

		if (*at != '%' || *after == '%') {
			str_add_char(out, *at);
			at += *at == '%' ? 2 : 1;
			continue;
		}
		if (after[0] >= '1' && after[0] <= '9' && after[1] == '$') {
			i = (size_t)(after[0] - '1');
			after += 2;
		}
		/* A translation may be wrong: what is no conversion is shown as it stands. */
		if (conversion(&after) == ARG_NONE) {
			str_add_char(out, *at++);
			continue;
		}
		if (i < MSG_ARGS)
			text_escape(out, msg->arg[i], strlen(msg->arg[i]));
		next = i + 1;
		at = after;
	}
}
