/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold before a push starts: approvals, and no error that the plan itself introduces. */
#include <stdlib.h>
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/text.h"
#include "io/child.h"
#include "base/banned.h"

/* Was this signer counted already? Two signatures of one person are one approval. */
static bool seen(const struct plan *plan, size_t upto, const bool *valid)
{
	for (size_t i = 0; i < upto; i++)
		if (valid[i] && !strcmp(plan->approval[i].by, plan->approval[upto].by))
			return true;
	return false;
}

static bool signed_enough(struct app *app, const struct plan *plan, unsigned long needed, struct err *err)
{
	const char *signers = config_get(&app->config, "main", "", "allowed_signers");
	bool valid[64] = { false };
	unsigned long have = 0;
	struct err why = { 0 };
	struct str text;

	if (!signers || !*signers) {
		err_set(err, ERR_APPROVAL, N_("signed approvals are asked for, but no allowed_signers file is configured"));
		err_hint(err, N_("Set allowed_signers in the [main] section of the configuration."));
		return false;
	}
	str_init(&text, 0);
	plan_canonical(plan, &text);
	for (size_t i = 0; i < plan->n_approval && i < 64; i++) {
		const struct approval *approval = &plan->approval[i];
		if (!approval->signature || seen(plan, i, valid))
			continue;
		valid[i] = child_ssh_verify(&(struct child_signer){ signers, approval->by, approval->signature }, &text, &why);
		have += valid[i];
	}
	str_release(&text);
	if (have >= needed)
		return true;
	if (why.code != ERR_NONE) {
		*err = why;
		return false;
	}
	err_set(err, ERR_APPROVAL, N_("the plan has %lu of the %lu signed approvals that its domain asks for"), have, needed);
	err_hint(err, N_("mxladder approve --key FILE signs it."));
	return false;
}

bool push_approve(struct plan *plan, const struct approver *approver, struct err *err)
{
	struct str text, signature, at;
	bool ok = true;

	str_init(&text, 0);
	str_init(&signature, 0);
	str_init(&at, 0);
	if (approver->key_file) {
		plan_canonical(plan, &text);
		ok = child_ssh_sign(approver->key_file, &text, &signature, err);
	}
	if (ok) {
		text_time(&at, loop_now());
		plan_approve(plan, approver->by, at.s, approver->note ? approver->note : "", approver->key_file ? signature.s : NULL);
	}
	str_release(&text);
	str_release(&signature);
	str_release(&at);
	return ok;
}

bool push_approved(struct app *app, const struct plan *plan, struct err *err)
{
	const char *asked = config_domain_get(&app->config, &plan->domain, "approvals");
	char must[PLAN_ID_MAX];
	struct err why = { 0 };

	plan_digest(plan, must);
	if (strcmp(must, plan->id) != 0)
		return err_set(err, ERR_APPROVAL, N_("the plan was changed after it was sealed: its id is not its digest"));
	if (asked && *asked) {
		unsigned long needed = strtoul(asked, NULL, 10);
		if (!needed)
			return true;
		return signed_enough(app, plan, needed, err ? err : &why);
	}
	if (plan->n_approval)
		return true;
	err_set(err, ERR_APPROVAL, N_("the plan is not approved"));
	err_hint(err, N_("Look at it, then approve it: mxladder approve PLAN."));
	return false;
}

static bool overridden(const struct push_options *options, const char *id)
{
	for (size_t i = 0; options && i < options->n_override; i++)
		if (!strcmp(options->override[i].id, id))
			return true;
	return false;
}

bool push_blocked(const struct plan *plan, const struct findings *findings, const struct push_options *options, struct err *err)
{
	char domain[DNAME_TEXT_MAX];

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->finding[i];
		if (!finding->introduced || finding->level != LEVEL_ERROR || overridden(options, finding->check->id))
			continue;
		err_set(err, ERR_FALSE, N_("the plan for %s introduces an error: %s"), dname_text(&plan->domain, domain),
			finding->check->id);
		err_hint(err, N_("Mend the draft, or push with --override %s=REASON."), finding->check->id);
		return true;
	}
	return false;
}
