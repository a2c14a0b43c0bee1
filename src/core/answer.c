/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/answer.h"

#include "base/i18n.h"
#include "base/banned.h"

bool answer_is_final(enum answer answer)
{
	return answer != ANSWER_UNASKED && answer != ANSWER_PENDING;
}

bool answer_is_soft(enum answer answer)
{
	return answer_is_final(answer) && answer != ANSWER_DATA && answer != ANSWER_NODATA && answer != ANSWER_NXDOMAIN;
}

const char *answer_name(enum answer answer)
{
	static const char *const names[ANSWER_KINDS] = {
		[ANSWER_UNASKED] = N_("not asked"),
		[ANSWER_PENDING] = N_("waiting for an answer"),
		[ANSWER_DATA] = N_("answered"),
		[ANSWER_NODATA] = N_("no such record"),
		[ANSWER_NXDOMAIN] = N_("no such name"),
		[ANSWER_SERVFAIL] = N_("server failure"),
		[ANSWER_REFUSED] = N_("refused"),
		[ANSWER_TIMEOUT] = N_("no answer in time"),
		[ANSWER_UNREACHABLE] = N_("unreachable"),
		[ANSWER_BROKEN] = N_("no whole answer"),
	};

	return names[answer];
}

const char *dnssec_name(enum dnssec dnssec)
{
	switch (dnssec) {
	case DNSSEC_SECURE:
		return "secure";
	case DNSSEC_INSECURE:
		return "insecure";
	case DNSSEC_BOGUS:
		return "bogus";
	case DNSSEC_PENDING:
	case DNSSEC_UNCHECKED:
		break;
	}
	return "unchecked";
}
