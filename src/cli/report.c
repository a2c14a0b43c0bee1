/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/accept.h"
#include "check/lint.h"
#include "cli/print.h"
#include "config.h"
#include "base/banned.h"

/* ---- SARIF ---- */

/* SARIF has the levels error, warning and note alone. */
static const char *sarif_level(enum check_level level)
{
	return level == LEVEL_ERROR ? "error" : level == LEVEL_WARNING ? "warning" : "note";
}

static json_t *message(const char *text)
{
	return json_pack("{s:o}", "text", json_text(text));
}

static size_t rule_index(const struct check *check)
{
	size_t i = 0;

	while (checks[i] && checks[i] != check)
		i++;
	return i;
}

static bool is_record(const struct mx *mx)
{
	return mx->host.len || mx->odd[0];
}

/* "example.org", or "example.org MX mx1.example.org". */
static void add_name(const struct report_subject *subject, const struct mx *mx, struct str *out)
{
	char domain[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	bool record = mx && is_record(mx);

	str_addf(out, "%s%s%s", dname_text(subject->domain, domain), record ? " MX " : "", record ? mx_host_text(mx, host) : "");
}

/* A path as a URI reference (RFC 3986 section 4.2), relative where the path is. */
static void add_uri(const char *path, struct str *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";

	str_add(out, *path == '/' ? "file://" : "");
	for (path += strncmp(path, "./", 2) ? 0 : 2; *path; path++) {
		if (strchr(plain, *path))
			str_add_char(out, *path);
		else
			str_addf(out, "%%%02X", (unsigned)(unsigned char)*path);
	}
}

/*
 * The file that was judged, or, where there is none, the domain's name in its place: GitHub's code scanning refuses all results where one
 * has no file, and addresses of another kind than file. Beside it the domain, or its record, as a logical location.
 */
static json_t *location(const struct report_subject *subject, const struct mx *mx)
{
	char domain[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	struct str whole, uri;
	json_t *place;

	dname_text(subject->domain, domain);
	str_init(&whole, 0);
	str_init(&uri, 0);
	add_name(subject, mx, &whole);
	add_uri(subject->file ? subject->file : domain, &uri);
	place = json_pack("{s:{s:{s:s}, s:{s:i}}, s:[{s:o, s:o, s:s}]}", "physicalLocation", "artifactLocation", "uri", uri.s, "region",
		"startLine", 1, "logicalLocations", "name", json_text(mx && is_record(mx) ? mx_host_text(mx, host) : domain),
		"fullyQualifiedName", json_text(whole.s), "kind", "resource");
	str_release(&whole);
	str_release(&uri);
	return place;
}

static bool is_alike(const struct finding *a, const struct finding *b)
{
	return a->check == b->check && a->level == b->level && mx_equal(&a->mx, &b->mx);
}

/* By this the next run's result is known as the same one, whatever numbers its text has: its name and level, and its place among those
 * that share them, which stand together. */
static json_t *fingerprint(const struct report_subject *subject, size_t i)
{
	const struct finding *finding = &subject->findings->finding[i];
	json_t *json;
	struct str text;
	size_t n = 1;

	while (n <= i && is_alike(finding, finding - n))
		n++;
	str_init(&text, 0);
	add_name(subject, &finding->mx, &text);
	str_addf(&text, ":%s:%zu", check_level_name(finding->level), n);
	json = json_pack("{s:o}", "primaryLocationLineHash", json_text(text.s));
	str_release(&text);
	return json;
}

static json_t *result_json(const struct report_subject *subject, size_t i)
{
	const struct finding *finding = &subject->findings->finding[i];
	json_t *result = json_pack("{s:s, s:I, s:s, s:s, s:{s:o}, s:[o], s:o, s:{s:s, s:b, s:o}}", "ruleId", finding->check->id,
		"ruleIndex", (json_int_t)rule_index(finding->check), "level", sarif_level(finding->level), "kind", "fail", "message",
		"text", json_msg(&finding->text), "locations", location(subject, &finding->mx), "partialFingerprints",
		fingerprint(subject, i), "properties", "subject", subject->is_draft ? "draft" : "live", "introduced",
		(int)finding->introduced, "fix", finding->fix[0] ? json_text(finding->fix) : json_null());

	if (finding->accepted)
		json_object_set_new(result, "suppressions",
			json_pack("[{s:s, s:s, s:o}]", "kind", "external", "status", "accepted", "justification",
				json_text(finding->accepted->reason)));
	return result;
}

/* "ttl <= 1h: the TTL of the set is 4h" */
static void add_demand(struct str *out, const struct demand *demand)
{
	must_text(&demand->line->must, out);
	str_add(out, ": ");
	msg_format(&demand->why, &translate_tongue, out);
}

static void sarif_add(struct report *report, const struct report_subject *subject)
{
	const struct findings *findings = subject->findings;

	for (size_t i = 0; i < findings->n; i++)
		json_array_append_new(report->results, result_json(subject, i));
	for (size_t i = 0; i < findings->n_skip; i++)
		json_array_append_new(report->skipped,
			json_pack("{s:s, s:{s:o}, s:{s:s}, s:[o]}", "level", "note", "message", "text", json_msg(&findings->skip[i].reason),
				"descriptor", "id", findings->skip[i].id, "locations", location(subject, NULL)));
}

#define DEMAND_RULE "policy" /* no check is called so */

static json_t *demand_result(const struct report_subject *subject, const struct demand *demand)
{
	struct str text, must;
	json_t *result;

	str_init(&text, 0);
	str_init(&must, 0);
	add_demand(&text, demand);
	add_name(subject, NULL, &must);
	str_add(&must, ":");
	must_text(&demand->line->must, &must);
	result = json_pack("{s:s, s:s, s:s, s:{s:o}, s:[o], s:{s:o}, s:{s:s, s:s}}", "ruleId", DEMAND_RULE, "level", "error", "kind",
		"fail", "message", "text", json_text(text.s), "locations", location(subject, NULL), "partialFingerprints",
		"primaryLocationLineHash", json_text(must.s), "properties", "subject", subject->is_draft ? "draft" : "live", "answer",
		must_answer_name(demand->answer));
	str_release(&text);
	str_release(&must);
	return result;
}

static void sarif_demands(struct report *report, const struct report_subject *subject)
{
	const struct demands *demands = &subject->policy->demands;

	for (size_t i = 0; i < demands->n; i++)
		if (demands->row[i].answer != MUST_MET)
			json_array_append_new(report->results, demand_result(subject, &demands->row[i]));
}

/* Code scanning wants all three texts, and shows the help beside each result. */
static json_t *rule_json(const struct check *check)
{
	struct str help;
	json_t *rule;

	str_init(&help, 0);
	str_addf(&help, "%s (%s)", gettext(check->why), check->reference);
	rule = json_pack("{s:s, s:o, s:o, s:o, s:{s:s}, s:{s:s}}", "id", check->id, "shortDescription", message(gettext(check->title)),
		"fullDescription", message(gettext(check->why)), "help", message(help.s), "defaultConfiguration", "level",
		sarif_level(check->level), "properties", "reference", check->reference);
	str_release(&help);
	return rule;
}

static json_t *rules_json(void)
{
	json_t *rules = json_array();
	const char *demand;

	demand = _("What the policy demands of the domain must hold");
	for (size_t i = 0; checks[i]; i++)
		json_array_append_new(rules, rule_json(checks[i]));
	json_array_append_new(
		rules, json_pack("{s:s, s:o, s:o, s:o, s:{s:s}}", "id", DEMAND_RULE, "shortDescription", message(demand), "fullDescription",
			       message(demand), "help", message(demand), "defaultConfiguration", "level", "error"));
	return rules;
}

/* Results of one domain replace the earlier ones of that domain alone, where they are collected. */
static json_t *run_id(const struct report *report)
{
	char domain[DNAME_TEXT_MAX];
	struct str id;
	json_t *json;

	str_init(&id, 0);
	str_add(&id, "mxladder/");
	if (report->subjects == 1)
		str_addf(&id, "%s/", dname_text(&report->domain, domain));
	json = json_pack("{s:o}", "id", json_text(id.s));
	str_release(&id);
	return json;
}

static void sarif_print(const struct report *report)
{
	print_json(json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:o, s:O, s:[{s:b, s:O}]}]}", "$schema",
		"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "version", "2.1.0", "runs",
		"tool", "driver", "name", "mxladder", "version", PACKAGE_VERSION, "rules", rules_json(), "automationDetails",
		run_id(report), "results", report->results, "invocations", "executionSuccessful", 1, "toolExecutionNotifications",
		report->skipped));
}

/* ---- JUnit ---- */

/* Texts for a person are escaped for a terminal already: no control character is left. */
static void add_xml(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			str_add(out, "&amp;");
		else if (*text == '<')
			str_add(out, "&lt;");
		else if (*text == '>')
			str_add(out, "&gt;");
		else if (*text == '"')
			str_add(out, "&quot;");
		else
			str_add_char(out, *text);
	}
}

/* Adds text of a file, which may hold any byte. */
static void add_xml_outside(struct str *out, const char *text)
{
	struct str plain;

	str_init(&plain, 0);
	text_escape(&plain, text, strlen(text));
	add_xml(out, plain.s);
	str_release(&plain);
}

static void add_xml_msg(struct str *out, const struct msg *msg)
{
	struct str text;

	str_init(&text, 0);
	msg_format(msg, &translate_tongue, &text);
	add_xml(out, text.s);
	str_release(&text);
}

static bool fails(const struct report_subject *subject, const struct finding *finding)
{
	return finding->level <= subject->bar && !finding->accepted;
}

/* What a check found that fails, a failure each; returns how many. */
static size_t add_failures(struct str *out, const struct report_subject *subject, const struct check *check)
{
	size_t n = 0;

	for (size_t i = 0; i < subject->findings->n; i++) {
		const struct finding *finding = &subject->findings->finding[i];

		if (finding->check != check || !fails(subject, finding))
			continue;
		str_addf(out, "      <failure type=\"%s\" message=\"", check_level_name(finding->level));
		add_xml_msg(out, &finding->text);
		str_add(out, "\">");
		add_xml(out, gettext(check->why));
		str_add(out, "</failure>\n");
		n++;
	}
	return n;
}

/* The rest of what it found, below the bar or accepted. */
static void add_notes(struct str *out, const struct report_subject *subject, const struct check *check)
{
	bool any = false;

	for (size_t i = 0; i < subject->findings->n; i++) {
		const struct finding *finding = &subject->findings->finding[i];

		if (finding->check != check || fails(subject, finding))
			continue;
		str_addf(out, "%s%s: ", any ? "" : "      <system-out>", check_level_name(finding->level));
		add_xml_msg(out, &finding->text);
		if (finding->accepted) {
			str_add(out, " [");
			add_xml_outside(out, finding->accepted->reason);
			str_add(out, "]");
		}
		str_add(out, "\n");
		any = true;
	}
	if (any)
		str_add(out, "</system-out>\n");
}

static const struct skip *find_skip(const struct findings *findings, const char *id)
{
	for (size_t i = 0; i < findings->n_skip; i++)
		if (strcmp(findings->skip[i].id, id) == 0)
			return &findings->skip[i];
	return NULL;
}

struct tally {
	size_t tests, failures, skipped;
};

/* A check is a test case. One that fails is no skipped one, though a part of it was not looked at. */
static void add_case(struct str *out, const struct report_subject *subject, const struct check *check, struct tally *tally)
{
	const struct skip *skip = find_skip(subject->findings, check->id);
	char domain[DNAME_TEXT_MAX];
	struct str inside;
	size_t failures;

	str_init(&inside, 0);
	failures = add_failures(&inside, subject, check);
	if (skip && !failures) {
		str_add(&inside, "      <skipped message=\"");
		add_xml_msg(&inside, &skip->reason);
		str_add(&inside, "\"/>\n");
	}
	add_notes(&inside, subject, check);
	str_add(out, "    <testcase classname=\"");
	add_xml(out, dname_text(subject->domain, domain));
	str_addf(out, "\" name=\"%s\"%s\n", check->id, inside.len ? ">" : "/>");
	str_add(out, inside.s);
	if (inside.len)
		str_add(out, "    </testcase>\n");
	str_release(&inside);
	tally->tests++;
	tally->failures += failures > 0;
	tally->skipped += skip && !failures;
}

/* A demand is a test case; what cannot be told has failed. */
static void add_demand_case(struct str *out, const struct report_subject *subject, const struct demand *demand, struct tally *tally)
{
	char domain[DNAME_TEXT_MAX];
	struct str must;

	str_init(&must, 0);
	must_text(&demand->line->must, &must);
	str_add(out, "    <testcase classname=\"");
	add_xml(out, dname_text(subject->domain, domain));
	str_add(out, "\" name=\"must ");
	add_xml(out, must.s);
	str_addf(out, "\"%s\n", demand->answer == MUST_MET ? "/>" : ">");
	if (demand->answer != MUST_MET) {
		str_addf(out, "      <failure type=\"%s\" message=\"", must_answer_name(demand->answer));
		add_xml_msg(out, &demand->why);
		str_add(out, "\"/>\n    </testcase>\n");
	}
	tally->tests++;
	tally->failures += demand->answer != MUST_MET;
	str_release(&must);
}

static void junit_add(struct report *report, const struct report_subject *subject)
{
	struct tally tally = { 0 };
	char domain[DNAME_TEXT_MAX];
	struct str cases;

	str_init(&cases, 0);
	for (size_t i = 0; checks[i]; i++)
		if (subject->looked_at(subject->data, checks[i]->id))
			add_case(&cases, subject, checks[i], &tally);
	for (size_t i = 0; i < subject->policy->demands.n; i++)
		add_demand_case(&cases, subject, &subject->policy->demands.row[i], &tally);
	str_add(&report->suites, "  <testsuite name=\"");
	add_xml(&report->suites, dname_text(subject->domain, domain));
	str_addf(&report->suites, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", tally.tests, tally.failures,
		tally.skipped);
	str_add(&report->suites, cases.s);
	str_add(&report->suites, "  </testsuite>\n");
	str_release(&cases);
}

/* ---- both ---- */

void report_begin(struct report *report, bool junit)
{
	*report = (struct report){ .results = json_array(), .skipped = json_array(), .junit = junit };
	str_init(&report->suites, 0);
}

void report_add(struct report *report, const struct report_subject *subject)
{
	report->domain = *subject->domain;
	report->subjects++;
	if (report->junit)
		junit_add(report, subject);
	else
		sarif_add(report, subject);
	if (!report->junit)
		sarif_demands(report, subject);
}

void report_end(struct report *report, bool print)
{
	if (print && report->junit)
		printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mxladder\">\n%s</testsuites>\n", report->suites.s);
	else if (print)
		sarif_print(report);
	json_decref(report->results);
	json_decref(report->skipped);
	str_release(&report->suites);
}
