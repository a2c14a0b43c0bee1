/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sender/mix.h"

#include <string.h>

#include "base/i18n.h"

#include "base/banned.h"

#define PER_HOUR_MAX 1e9

/* Nobody has counted who sends the world's mail. Taken instead, on the assumption that a domain sends as it receives: the
 * hosters of popular domains' mail in June 2021 (Liu and others, "Who's Got Your Mail?", IMC 2021: Google 28.5 %, Microsoft
 * 10.8 %); the rest shared out by the programs that name themselves in their greeting (SecuritySpace's survey of December
 * 2023: Exim 55.73 %, Postfix 37.70 %, Sendmail 3.45 %, OpenSMTPD 0.10 %, qmail 0.03 %). The rows have the numbers. */
static const char standard_source[] =
	N_("assumed: domains send as they receive; hosters by Liu and others (IMC 2021), programs by SecuritySpace (December 2023)");

bool mix_scale(struct mix *mix)
{
	double sum = 0;

	for (size_t i = 0; i < MIX_SENDERS; i++)
		sum += mix->weight[i];
	for (size_t i = 0; sum > 0 && i < MIX_SENDERS; i++)
		mix->weight[i] /= sum;
	return sum > 0;
}

void mix_standard(struct mix *mix, const struct sender *const *list)
{
	*mix = (struct mix){ .source = standard_source };
	for (size_t i = 0; i < MIX_SENDERS && list[i]; i++)
		mix->weight[i] = list[i]->common;
	mix_scale(mix);
}

/* "12" or "0.5", whatever the locale; returns what follows, or NULL. */
static const char *parse_number(const char *text, double *value)
{
	double part = 1;
	const char *at = text;

	*value = 0;
	for (; *at >= '0' && *at <= '9' && *value <= PER_HOUR_MAX; at++)
		*value = *value * 10 + (*at - '0');
	if (at == text)
		return NULL;
	if (*at == '.') {
		for (at++; *at >= '0' && *at <= '9'; at++)
			*value += (*at - '0') * (part /= 10);
	}
	return *value <= PER_HOUR_MAX ? at : NULL;
}

bool traffic_parse(const char *text, double per_hour[24])
{
	double value[24], sum = 0;
	size_t n = 0;

	do {
		text = parse_number(text + strspn(text, " "), &value[n]);
		if (!text)
			return false;
		sum += value[n++];
		text += strspn(text, " ");
	} while (n < 24 && *text++ == ',');
	if (n == 24 ? *text : text[-1] || n != 1)
		return false;
	for (size_t i = 0; i < 24; i++)
		per_hour[i] = value[n == 1 ? 0 : i];
	return sum > 0;
}
