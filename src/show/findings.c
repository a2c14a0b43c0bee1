/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/findings.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/accept.h"
#include "show/translate.h"
#include "base/banned.h"

struct sign level_sign(enum check_level level)
{
	static const struct sign signs[] = { { ROLE_ERROR, "✖" }, { ROLE_WARNING, "▲" }, { ROLE_NOTICE, "●" }, { ROLE_INFO, "·" } };

	return signs[level];
}

struct sign finding_sign(const struct finding *finding)
{
	struct sign sign = level_sign(finding->level);

	return finding->accepted ? (struct sign){ ROLE_DIM, sign.symbol } : sign;
}

const char *level_word(enum check_level level)
{
	static const char *const words[] = { N_("error"), N_("warning"), N_("notice"), N_("info") };

	return _(words[level]);
}

/* Did a lookup of a host fail, so that most of what is checked could not be looked at? */
static bool hosts_unknown(const struct facts *facts)
{
	for (size_t i = 0; i < facts->n_host; i++)
		if (answer_is_soft(facts->host[i].a) && answer_is_soft(facts->host[i].aaaa))
			return true;
	return false;
}

struct sign findings_none(const struct session *session, const char **sentence)
{
	enum answer mx = session_facts(session)->mx;

	if (session_surveying(session)) {
		*sentence = _("… waiting for answers to check");
		return (struct sign){ ROLE_PENDING, "" };
	}
	if (answer_is_final(mx) && !answer_is_soft(mx) && hosts_unknown(session_facts(session))) {
		*sentence = _("Hosts are not known, so they were not checked.");
		return (struct sign){ ROLE_TEXT, "" };
	}
	if (answer_is_final(mx) && !answer_is_soft(mx)) {
		*sentence = _("✔ nothing found wrong");
		return (struct sign){ ROLE_OK, "" };
	}
	*sentence = _("The MX set is not known, so it was not checked.");
	return (struct sign){ ROLE_TEXT, "" };
}

static void add_row(const struct finding *finding, struct document *document)
{
	document_row(document);
	str_add(document_sign(document, finding_sign(finding), 0), level_word(finding->level));
	document_put(document, ROLE_DIM, 1, finding->check->id);
	document_put(document, finding->accepted ? ROLE_DIM : ROLE_CHANGED, 0,
		finding->accepted     ? _("accepted:")
		: finding->introduced ? _("new:")
				      : "");
	translate_msg(document_cell(document, finding->accepted ? ROLE_ACCEPTED : ROLE_TEXT, 0, ""), &finding->text);
}

void finding_line(const struct finding *finding, struct document *document)
{
	document_row(document);
	str_add(document_sign(document, level_sign(finding->level), 0), level_word(finding->level));
	document_put(document, ROLE_DIM, 1, finding->check->id);
	translate_msg(document_cell(document, ROLE_TEXT, 0, ""), &finding->text);
}

static void add_fix(const struct finding *finding, struct document *document)
{
	struct str fix;

	if (!*finding->fix)
		return;
	str_init(&fix, 0);
	text_escape(&fix, finding->fix, strlen(finding->fix));
	str_addf(document_sentence(document, ROLE_NOTICE, ""), _("fix: %s"), fix.s);
	str_release(&fix);
}

void finding_accepted(const struct accepted *accepted, struct str *out)
{
	struct str until, reason;

	str_init(&until, 0);
	str_init(&reason, 0);
	text_time(&until, accepted->until);
	text_escape(&reason, accepted->reason, strlen(accepted->reason));
	str_addf(out, _("Accepted until %s: %s"), until.s, reason.s);
	str_release(&until);
	str_release(&reason);
}

/* Why it is wrong, what mends it, and who accepted it until when. */
static void add_reasons(const struct finding *finding, struct document *document)
{
	document->depth++;
	str_add(document_sentence(document, ROLE_DIM, ""), _(finding->check->why));
	add_fix(finding, document);
	if (finding->accepted)
		finding_accepted(finding->accepted, document_sentence(document, ROLE_DIM, ""));
	document->depth--;
}

void findings_document(const struct session *session, bool full, struct document *document)
{
	const struct findings *findings = session_findings(session);
	const char *sentence;
	struct sign sign;

	for (size_t i = 0; i < findings->n; i++) {
		document->item = (int)i;
		add_row(&findings->finding[i], document);
		if (full)
			add_reasons(&findings->finding[i], document);
	}
	document->item = -1;
	if (findings->n)
		return;
	sign = findings_none(session, &sentence);
	str_add(document_sentence(document, sign.role, sign.symbol), sentence);
}

void findings_count_text(const struct findings *findings, struct str *out)
{
	size_t n[LEVEL_COUNT], accepted = findings->n - findings_count(findings, LEVEL_INFO, false);

	for (int level = LEVEL_ERROR; level < LEVEL_COUNT; level++)
		n[level] = findings_count(findings, (enum check_level)level, false) -
			   (level ? findings_count(findings, (enum check_level)(level - 1), false) : 0);
	if (n[LEVEL_ERROR])
		str_addf(out, ngettext("%zu error", "%zu errors", n[LEVEL_ERROR]), n[LEVEL_ERROR]);
	str_add(out, out->len && n[LEVEL_WARNING] ? ", " : "");
	if (n[LEVEL_WARNING])
		str_addf(out, ngettext("%zu warning", "%zu warnings", n[LEVEL_WARNING]), n[LEVEL_WARNING]);
	str_add(out, out->len && n[LEVEL_NOTICE] ? ", " : "");
	if (n[LEVEL_NOTICE])
		str_addf(out, ngettext("%zu notice", "%zu notices", n[LEVEL_NOTICE]), n[LEVEL_NOTICE]);
	str_add(out, out->len && accepted ? ", " : "");
	if (accepted)
		str_addf(out, _("%zu accepted"), accepted);
}

void finding_document(const struct finding *finding, struct document *document)
{
	document_row(document);
	str_add(document_sign(document, finding_sign(finding), 0), level_word(finding->level));
	document_put(document, ROLE_DIM, 0, finding->check->id);
	document_msg(document, ROLE_TEXT, "", &finding->text);
	str_add(document_sentence(document, ROLE_TEXT, ""), _(finding->check->why));
	str_add(document_sentence(document, ROLE_DIM, ""), finding->check->reference);
	if (finding->introduced)
		str_add(document_sentence(document, ROLE_CHANGED, ""), _("The draft brings this finding."));
	if (finding->accepted)
		finding_accepted(finding->accepted, document_sentence(document, ROLE_DIM, ""));
	add_fix(finding, document);
}

/* ---- a report ---- */

static void add_count(const struct dname *domain, const struct findings *findings, struct document *document)
{
	size_t open = findings_count(findings, LEVEL_INFO, false);
	char name[DNAME_TEXT_MAX];
	struct msg msg;

	dname_show(domain, name);
	if (findings->n == 0)
		msg_set(&msg, N_("%s: nothing found"), name);
	else if (open == findings->n)
		msg_set(&msg, N_("%s: %zu found"), name, open);
	else
		msg_set(&msg, N_("%s: %zu found, and %zu accepted"), name, open, findings->n - open);
	document_msg(document, ROLE_TEXT, "", &msg);
}

static void add_finding(const struct finding *finding, struct document *document)
{
	finding_line(finding, document);
	str_addf(document_cell(document, ROLE_DIM, 1, ""), "(%s)", finding->check->reference);
	document_put(document, ROLE_CHANGED, 0, finding->introduced ? _("[new]") : "");
	add_reasons(finding, document);
}

static bool same_reason(const struct skip *a, const struct skip *b)
{
	bool same = strcmp(a->reason.id, b->reason.id) == 0;

	for (size_t i = 0; same && i < MSG_ARGS; i++)
		same = strcmp(a->reason.arg[i], b->reason.arg[i]) == 0;
	return same;
}

/* A sentence for each reason, with all that was not looked at because of it. */
static void add_skips(const struct findings *findings, struct document *document)
{
	const struct skip *skip = findings->skip;

	for (size_t i = 0; i < findings->n_skip; i++) {
		struct str ids, reason;
		bool told = false;

		for (size_t k = 0; k < i && !told; k++)
			told = same_reason(&skip[k], &skip[i]);
		if (told)
			continue;
		str_init(&ids, 0);
		str_init(&reason, 0);
		for (size_t k = i; k < findings->n_skip; k++)
			if (same_reason(&skip[i], &skip[k]))
				str_add_listed(&ids, skip[k].id);
		translate_msg(&reason, &skip[i].reason);
		str_addf(document_sentence(document, ROLE_DIM, ""), _("not checked: %s: %s"), ids.s, reason.s);
		str_release(&ids);
		str_release(&reason);
	}
}

void findings_report(const struct dname *domain, const struct findings *findings, struct document *document)
{
	add_count(domain, findings, document);
	document->depth++;
	for (size_t i = 0; i < findings->n; i++)
		add_finding(&findings->finding[i], document);
	add_skips(findings, document);
	document->depth--;
}
