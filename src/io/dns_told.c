/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

struct dns_told *dns_told_new(enum answer failed, const void *bytes, size_t len)
{
	struct dns_told *told = mem_alloc(sizeof(*told));

	*told = (struct dns_told){ .holders = 1, .failed = failed };
	if (!len)
		return told;
	str_add_bytes(&told->bytes, bytes, len);
	if (!dnswire_parse(bytes, len, &told->answer))
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
	str_release(&told->bytes);
	free(told);
}

struct dns_reply dns_told_reply(struct dns_told *told)
{
	struct dns_reply reply = { .failed = told->failed, .told = told };

	if (told->failed != ANSWER_DATA)
		return reply;
	reply.answer = &told->answer;
	reply.bytes = (const uint8_t *)told->bytes.s;
	reply.len = told->bytes.len;
	return reply;
}
