/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Durations and times of base/text.h. No clock and no time zone: plain arithmetic on the Gregorian calendar. */
#include "base/text.h"

#include <string.h>

#include "base/banned.h"

#define DAY_S 86400

static const struct {
	char letter;
	uint32_t seconds;
} units[] = { { 'w', 7 * DAY_S }, { 'd', DAY_S }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

#define UNITS (sizeof(units) / sizeof(units[0]))
#define DAYS 1 /* what is written begins with days: "14d" */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool text_parse_duration(const char *s, uint32_t *seconds)
{
	uint64_t total = 0;
	size_t next = 0; /* units may only descend */
	bool first = true;

	do {
		uint64_t number = 0;
		size_t unit = next;

		if (!is_digit(*s))
			return false;
		for (; is_digit(*s); s++) {
			number = number * 10 + (uint64_t)(*s - '0');
			if (number > UINT32_MAX)
				return false;
		}
		if (!*s && first) {
			*seconds = (uint32_t)number;
			return true;
		}
		while (unit < UNITS && units[unit].letter != (*s | 0x20))
			unit++;
		if (unit == UNITS)
			return false;
		total += number * units[unit].seconds;
		if (total > UINT32_MAX)
			return false;
		next = unit + 1;
		first = false;
		s++;
	} while (*s);
	*seconds = (uint32_t)total;
	return true;
}

void text_duration(struct str *out, uint64_t seconds)
{
	if (seconds == 0)
		str_add(out, "0s");
	for (size_t i = DAYS; i < UNITS; i++) {
		if (seconds >= units[i].seconds) /* the table holds no zero: NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
			str_addf(out, "%llu%c", (unsigned long long)(seconds / units[i].seconds), units[i].letter);
		seconds %= units[i].seconds;
	}
}

const char *text_span(uint64_t seconds, char out[TEXT_SPAN_MAX])
{
	struct str text;

	str_init(&text, 0);
	text_duration(&text, seconds);
	text_copy(out, TEXT_SPAN_MAX, text.s);
	str_release(&text);
	return out;
}

void text_duration_about(struct str *out, double seconds)
{
	uint64_t whole = seconds > 0 ? (uint64_t)(seconds + 0.5) : 0;
	uint64_t unit = whole >= 2 * 86400 ? 3600 : whole >= 3600 ? 60 : 1;

	text_duration(out, (whole + unit / 2) / unit * unit);
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to the first of March of the year before which January and February are counted: with the
 * leap day last in the counted year, the lengths of the months follow a straight line. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void text_time(struct str *out, int64_t at)
{
	int64_t days = at / DAY_S, second = at % DAY_S;
	int64_t year;
	int month = 1;

	if (second < 0) {
		second += DAY_S;
		days--;
	}
	year = 1970 + days / 366 - (days < 0);
	while (days_from_civil(year + 1, 1, 1) <= days)
		year++;
	while (days_from_civil(year, 1, 1) > days)
		year--;
	while (month < 12 && days_from_civil(year, month + 1, 1) <= days)
		month++;
	str_addf(out, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)year, month, (int)(days - days_from_civil(year, month, 1)) + 1,
		(int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* Exactly `digits` digits at *s, then the character `end` where it is not '\0'. */
static bool take(const char **s, int digits, char end, int *value)
{
	*value = 0;
	for (; digits > 0; digits--, (*s)++) {
		if (!is_digit(**s))
			return false;
		*value = *value * 10 + (**s - '0');
	}
	if (end == '\0')
		return true;
	if (**s != end)
		return false;
	(*s)++;
	return true;
}

/* "Z" or "+01:00", in seconds east, and nothing after it. */
static bool take_offset(const char *s, int *offset_s)
{
	int hours, minutes, sign = *s == '-' ? -1 : 1;

	*offset_s = 0;
	if (strcmp(s, "Z") == 0)
		return true;
	if (*s != '+' && *s != '-')
		return false;
	s++;
	if (!take(&s, 2, ':', &hours) || !take(&s, 2, '\0', &minutes) || *s || hours > 23 || minutes > 59)
		return false;
	*offset_s = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool text_parse_time(const char *s, int64_t *at)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year, month, day, hour, minute, second, offset_s;

	if (!take(&s, 4, '-', &year) || !take(&s, 2, '-', &month) || !take(&s, 2, 'T', &day) || !take(&s, 2, ':', &hour) ||
		!take(&s, 2, ':', &minute) || !take(&s, 2, '\0', &second))
		return false;
	if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
		return false;
	if (day > days[month - 1] + (month == 2 && is_leap(year)))
		return false;
	if (*s == '.') {
		if (!is_digit(*++s))
			return false;
		while (is_digit(*s))
			s++;
	}
	if (!take_offset(s, &offset_s))
		return false;
	*at = days_from_civil(year, month, day) * DAY_S + hour * 3600 + minute * 60 + second - offset_s;
	return true;
}
