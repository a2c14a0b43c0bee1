/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/audit_line.h"

#include <stdlib.h>
#include <string.h>

#include "app/audit_worst.h"
#include "base/text.h"
#include "check/lint.h"
#include "cli/print.h"
#include "cli/subject.h"
#include "core/preset.h"
#include "base/banned.h"

#define NUMBER_MAX 10
#define PIECE_MAX 128 /* of what is ours, between names */
#define FORMAT (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(10))

/* ---- a line, written as it goes: most of a line is the set, and values for it would be the most work of all ---- */

static void put_json(struct str *line, json_t *json)
{
	char *text = json_dumps(json, FORMAT);

	str_add(line, text);
	free(text);
	json_decref(json);
}

/* Adds the text as json_text() writes it. */
static void put_text(struct str *line, const char *text)
{
	size_t len = 0;
	char *room;

	while (text[len] >= ' ' && text[len] <= '~' && text[len] != '"' && text[len] != '\\')
		len++;
	if (text[len]) {
		put_json(line, json_text(text));
		return;
	}
	room = str_room(line, len + 2);
	if (!room)
		return;
	room[0] = '"';
	memcpy(room + 1, text, len);
	room[len + 1] = '"';
}

/* As put_text() writes it; an escape in the name is one in JSON too. */
static void put_name(struct str *line, const struct dname *name)
{
	char *room = str_reserve(line, DNAME_TEXT_MAX + 2), *end;

	if (!room)
		return;
	*room = '"';
	end = dname_write(name, room + 1);
	if (memchr(room, '\\', (size_t)(end - room))) {
		put_json(line, json_text(room + 1));
		return;
	}
	*end++ = '"';
	str_end(line, end);
}

/* Of what is ours, and needs no escapes. Both return their end. */
static inline char *copy(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len);
	return to + len;
}

static char *copy_number(char *to, uint32_t number)
{
	char digits[NUMBER_MAX];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	memcpy(to, digits + at, sizeof(digits) - at);
	return to + sizeof(digits) - at;
}

/* Many lines are of the same second. */
static const char *time_of(struct audit_said *said, int64_t at)
{
	struct str text;

	if (at != said->at) {
		str_init(&text, 0);
		text_time(&text, at);
		text_copy(said->at_text, sizeof(said->at_text), text.s);
		str_release(&text);
		said->at = at;
	}
	return said->at_text;
}

void audit_line_wrong(const struct audit_wrong *wrong, struct str *line)
{
	put_json(line, json_pack("{s:I, s:o, s:o}", "line", (json_int_t)wrong->number, "text", json_text(wrong->text), "error",
			       json_err(&wrong->err)));
}

/* ---- the set ---- */

/* null: not known. */
static void put_addresses(struct str *line, const struct facts *facts, const struct dname *name)
{
	const struct host_facts *host = facts->null_mx ? NULL : facts_host(facts, name);
	char text[FACTS_ADDRESSES * (ADDR_TEXT_MAX + 3) + 2], *end = text;

	if (!facts->null_mx && (!host || !answer_is_final(host->a) || answer_is_soft(host->a) || !answer_is_final(host->aaaa) ||
				       answer_is_soft(host->aaaa))) {
		str_add(line, ",\"addresses\":null}");
		return;
	}
	for (size_t i = 0; host && i < host->n_addr; i++) {
		end = copy(end, i ? ",\"" : "\"");
		end = addr_write(&host->addr[i], end);
		*end++ = '"';
	}
	end = copy(end, "]}");
	str_add(line, ",\"addresses\":[");
	str_add_bytes(line, text, (size_t)(end - text));
}

static void put_records(struct str *line, const struct facts *facts)
{
	str_add(line, ",\"records\":[");
	for (size_t i = 0; i < facts->live.n; i++) {
		const struct mx *mx = &facts->live.mx[i];
		char text[PIECE_MAX], *end;

		end = copy(text, i ? ",{\"preference\":" : "{\"preference\":");
		end = copy_number(end, mx->preference);
		end = copy(end, ",\"host\":");
		str_add_bytes(line, text, (size_t)(end - text));
		if (mx->host.len)
			put_name(line, &mx->host);
		else
			put_text(line, mx->odd);
		put_addresses(line, facts, &mx->host);
	}
	str_add_char(line, ']');
}

/* No TTL where only a cache told it, for a cache counts down. */
static void put_how(struct str *line, struct audit_said *said, const struct facts *facts, bool known)
{
	bool ttl_known = known && facts->live.n && facts->live.ttl_s != MX_TTL_UNKNOWN;
	char text[2 * PIECE_MAX], *end;

	end = copy(text, ",\"at\":\"");
	end = copy(end, time_of(said, facts->observed_at ? facts->observed_at : loop_now()));
	end = copy(end, "\",\"source\":\"");
	end = copy(end, fact_source_name(known ? facts->live_source : facts->source));
	end = copy(end, "\",\"ttl\":");
	end = ttl_known ? copy_number(end, facts->live.ttl_s) : copy(end, "null");
	end = copy(end, ",\"dnssec\":\"");
	end = copy(end, dnssec_name(facts->dnssec));
	end = copy(end, "\"");
	str_add_bytes(line, text, (size_t)(end - text));
}

static void put_hoster(struct str *line, const struct audit_said *said, const struct facts *facts)
{
	const struct preset *preset = preset_recognise_sieved(&said->sieve, &facts->live);

	str_add(line, ",\"hoster\":");
	if (preset && preset->kind != PRESET_NONE)
		put_text(line, preset_owner(preset)->name);
	else
		str_add(line, "null");
}

static void put_set(struct str *line, struct audit_said *said, const struct facts *facts)
{
	bool known = facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA;

	str_add(line, "{\"domain\":");
	put_name(line, &facts->domain);
	put_how(line, said, facts, known);
	if (!known) {
		str_add(line, ",\"records\":null,\"hoster\":null");
		return;
	}
	put_records(line, facts);
	put_hoster(line, said, facts);
}

/* ---- findings ---- */

static json_t *counts_json(const struct findings *findings)
{
	json_t *counts = json_object();
	size_t above = 0;

	for (int level = LEVEL_ERROR; level < LEVEL_COUNT; level++) {
		size_t count = findings_count(findings, (enum check_level)level, false);

		json_object_set_new(counts, check_level_name((enum check_level)level), json_integer((json_int_t)(count - above)));
		above = count;
	}
	return counts;
}

static json_t *findings_json(const struct findings *findings)
{
	json_t *list = json_array();
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *f = &findings->finding[i];
		bool host = f->mx.host.len || f->mx.odd[0];

		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:b}", "id", f->check->id, "level", check_level_name(f->level), "host",
				      host ? json_text(mx_host_text(&f->mx, text)) : json_null(), "accepted", f->accepted != NULL));
	}
	return list;
}

static json_t *skips_json(const struct findings *findings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < findings->n_skip; i++)
		json_array_append_new(list, json_string(findings->skip[i].id));
	return list;
}

static void put_member(struct str *line, const char *key, json_t *value)
{
	str_add(line, ",\"");
	str_add(line, key);
	str_add(line, "\":");
	put_json(line, value);
}

static void put_checks(struct str *line, struct audit_said *said, const struct facts *facts)
{
	struct findings findings = { 0 };
	struct check_input in;
	bool known;

	if (!said->checks) {
		str_add(line, ",\"counts\":null,\"findings\":null,\"not_checked\":null");
		return;
	}
	subject_check_input(&in, facts, NULL);
	lint_run(&in, &findings);
	choice_apply(said->choice, &findings, &facts->domain);
	known = truth_tells(facts->mx); /* of a set that nobody told, no count is known */
	put_member(line, "counts", known ? counts_json(&findings) : json_null());
	put_member(line, "findings", known ? findings_json(&findings) : json_null());
	put_member(line, "not_checked", skips_json(&findings));
	said->failed = said->failed || (said->bar < LEVEL_COUNT && findings_count(&findings, said->bar, false) > 0);
	findings_release(&findings);
}

/* Adds what became of the demands on the domain; null where nobody told the set. What cannot be judged is not met. */
static void put_policy(struct str *line, struct audit_said *said, const struct facts *facts)
{
	bool demanded = said->policy && musts_next(&said->policy->musts, &facts->domain, NULL), fails = demanded;
	struct check_input in;

	if (said->policy && truth_tells(facts->mx)) {
		subject_check_input(&in, facts, NULL);
		policy_told_judge(said->policy, &in);
		fails = demands_open(&said->policy->demands) > 0;
		put_member(line, "policy", print_demands_json(said->policy, &facts->domain));
	} else {
		str_add(line, ",\"policy\":null");
	}
	said->failed = said->failed || (said->bar < LEVEL_COUNT && fails);
}

/* ---- the worst failure ---- */

static json_t *worst_json(const struct facts *facts)
{
	struct audit_worst worst;
	json_t *json = NULL;

	if (audit_worst(facts, &worst))
		json = json_pack("{s:o, s:f, s:f}", "what", json_text(worst.what.s), "lost", worst.lost, "late_s", worst.late_s);
	audit_worst_release(&worst);
	return json ? json : json_null();
}

void audit_line(struct audit_said *said, const struct facts *facts, struct str *line)
{
	struct err failed = { 0 };

	put_set(line, said, facts);
	put_checks(line, said, facts);
	put_policy(line, said, facts);
	if (said->simulate)
		put_member(line, "worst", worst_json(facts));
	else
		str_add(line, ",\"worst\":null");
	if (facts->mx == ANSWER_DATA || subject_answered(facts, &failed))
		str_add(line, ",\"error\":null");
	else
		put_member(line, "error", json_err(&failed));
	str_add_char(line, '}');
}
