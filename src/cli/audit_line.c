/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/audit_line.h"

#include <stdlib.h>

#include "app/audit_worst.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "check/lint.h"
#include "cli/print.h"
#include "cli/subject.h"
#include "core/preset.h"
#include "base/banned.h"

static char *dumped(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(10)), *line = mem_text(text);

	free(text);
	json_decref(json);
	return line;
}

char *audit_line_wrong(const struct audit_wrong *wrong)
{
	return dumped(json_pack(
		"{s:I, s:o, s:o}", "line", (json_int_t)wrong->number, "text", json_text(wrong->text), "error", json_err(&wrong->err)));
}

/* ---- the set ---- */

/* null: not known. */
static json_t *addresses_json(const struct facts *facts, const struct dname *name)
{
	const struct host_facts *host = facts_host(facts, name);
	char text[ADDR_TEXT_MAX];
	json_t *list;

	if (!host || !answer_is_final(host->a) || answer_is_soft(host->a) || !answer_is_final(host->aaaa) || answer_is_soft(host->aaaa))
		return json_null();
	list = json_array();
	for (size_t i = 0; i < host->n_addr; i++)
		json_array_append_new(list, json_string(addr_text(&host->addr[i], text)));
	return list;
}

static json_t *records_json(const struct facts *facts)
{
	char text[DNAME_TEXT_MAX];
	json_t *list = json_array();

	for (size_t i = 0; i < facts->live.n; i++) {
		const struct mx *mx = &facts->live.mx[i];

		json_array_append_new(list,
			json_pack("{s:I, s:o, s:o}", "preference", (json_int_t)mx->preference, "host", json_text(mx_host_text(mx, text)),
				"addresses", facts->null_mx ? json_array() : addresses_json(facts, &mx->host)));
	}
	return list;
}

/* null where only a cache told it, for a cache counts down. */
static json_t *ttl_json(const struct facts *facts)
{
	return facts->live.n && facts->live.ttl_s != MX_TTL_UNKNOWN ? json_integer(facts->live.ttl_s) : json_null();
}

static json_t *hoster_json(const struct facts *facts)
{
	const struct preset *preset = preset_recognise(&facts->live);

	return preset && preset->kind != PRESET_NONE ? json_string(preset_owner(preset)->name) : json_null();
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

static void add_checks(json_t *json, struct audit_said *said, const struct facts *facts)
{
	struct findings findings = { 0 };
	struct check_input in;

	json_object_set_new(json, "counts", json_null());
	json_object_set_new(json, "findings", json_null());
	json_object_set_new(json, "not_checked", json_null());
	if (!said->checks)
		return;
	subject_check_input(&in, facts, NULL);
	lint_run(&in, &findings);
	choice_apply(said->choice, &findings, &facts->domain);
	/* Of a set that nobody told, no count is known. */
	if (truth_tells(facts->mx) || facts->mx == ANSWER_NXDOMAIN) {
		json_object_set_new(json, "counts", counts_json(&findings));
		json_object_set_new(json, "findings", findings_json(&findings));
	}
	json_object_set_new(json, "not_checked", skips_json(&findings));
	said->failed = said->failed || (said->bar < LEVEL_COUNT && findings_count(&findings, said->bar, false) > 0);
	findings_release(&findings);
}

/* ---- the worst failure ---- */

static json_t *worst_json(const struct audit_said *said, const struct facts *facts)
{
	struct audit_worst worst;
	json_t *json = NULL;

	if (!said->simulate)
		return json_null();
	if (audit_worst(facts, &worst))
		json = json_pack("{s:o, s:f, s:f}", "what", json_text(worst.what.s), "lost", worst.lost, "late_s", worst.late_s);
	audit_worst_release(&worst);
	return json ? json : json_null();
}

char *audit_line(struct audit_said *said, const struct facts *facts)
{
	bool known = facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA;
	struct err failed = { 0 };
	json_t *json;

	subject_answered(facts, &failed);
	json = json_pack("{s:o, s:o, s:s, s:o, s:s, s:o, s:o}", "domain", json_name(&facts->domain), "at",
		app_time_json(facts->observed_at ? facts->observed_at : loop_now()), "source",
		fact_source_name(known ? facts->live_source : facts->source), "ttl", known ? ttl_json(facts) : json_null(), "dnssec",
		dnssec_name(facts->dnssec), "records", known ? records_json(facts) : json_null(), "hoster",
		known ? hoster_json(facts) : json_null());
	add_checks(json, said, facts);
	json_object_set_new(json, "worst", worst_json(said, facts));
	json_object_set_new(json, "error", failed.code ? json_err(&failed) : json_null());
	return dumped(json);
}
