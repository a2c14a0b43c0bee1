/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answer bytes as any server may send them: parsed, read as the answer to what they claim, and asked again. */
#include <stdlib.h>

#include "wire/dnswire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_answer answer = { 0 };
	struct dname alias[FACTS_ALIASES];
	struct dname final = { 0 };
	size_t n_alias = 0;
	uint32_t ttl_max_s = 0;
	struct mxset set;

	mxset_init(&set);
	if (dnswire_parse(data, size, &answer) && answer.has_question) {
		struct dns_question question = answer.question;
		struct str query = { 0 };

		dns_answer_read(&answer, &question, alias, &n_alias, &final);
		if (n_alias > FACTS_ALIASES)
			abort();
		dns_answer_mx(&answer, &question.name, &set, &ttl_max_s);
		if (set.n > answer.n)
			abort();
		dnswire_build_query(&question, 0xBEEF, true, true, &query);
		str_release(&query);
	}
	mxset_release(&set);
	dns_answer_release(&answer);
	return 0;
}
