/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

struct dns_told *dns_told_new(enum answer failed, const void *bytes, size_t len)
{
	struct dns_told *told = mem_room(sizeof(*told) + len);

	*told = (struct dns_told){ .holders = 1, .failed = failed, .len = len };
	if (!len)
		return told;
	memcpy(told->bytes, bytes, len);
	if (!dnswire_parse(told->bytes, len, &told->answer))
		told->failed = ANSWER_BROKEN;
	return told;
}

struct dns_told *dns_told_hold(struct dns_told *told)
{
	told->holders++;
	return told;
}

void dns_told_release(struct dns_told *told)
{
	if (!told || --told->holders)
		return;
	dns_answer_release(&told->answer);
	free(told);
}

struct dns_reply dns_told_reply(struct dns_told *told)
{
	struct dns_reply reply = { .failed = told->failed, .told = told };

	if (told->failed != ANSWER_DATA)
		return reply;
	reply.answer = &told->answer;
	reply.bytes = told->bytes;
	reply.len = told->len;
	return reply;
}
