/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/approval.h"

#include <stdlib.h>
#include <string.h>

#include "app/gate.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/child.h"
#include "base/banned.h"

#define AHEAD_S 300 /* clocks of two machines differ */

struct counting {
	const struct plan *plan;
	const char *allowed_signers; /* NULL: no signature is asked */
	int64_t now;
	uint32_t age_s;
	char policy[PLAN_ID_MAX]; /* of what is demanded of the domain now; "": nothing is */
	size_t n;                 /* that count */
	size_t counted[PLAN_APPROVALS_MAX];
	char *key[PLAN_APPROVALS_MAX]; /* of each that counts: the fingerprint */
};

static uint32_t age_of(struct app *app, const struct dname *domain)
{
	const char *own = config_domain_get(&app->config, domain, "approval_age");
	uint32_t seconds;

	if (own && text_parse_duration(own, &seconds))
		return seconds;
	return (uint32_t)config_number(&app->config, "main", "", "approval_age");
}

static unsigned long signatures_asked(struct app *app, const struct dname *domain)
{
	const char *asked = config_domain_get(&app->config, domain, "approvals");

	return asked ? strtoul(asked, NULL, 10) : 0;
}

static bool begin(struct counting *counting, struct app *app, const struct plan *plan, struct err *err)
{
	struct musts musts = { 0 };

	*counting = (struct counting){ .plan = plan, .now = loop_now(), .age_s = age_of(app, &plan->domain) };
	if (signatures_asked(app, &plan->domain))
		counting->allowed_signers = config_get(&app->config, "main", "", "allowed_signers");
	if (!demand_read(app, NULL, &musts, err))
		return false;
	demand_digest(&musts, &plan->domain, counting->policy);
	musts_release(&musts);
	return true;
}

static void end(struct counting *counting)
{
	for (size_t i = 0; i < counting->n; i++)
		free(counting->key[i]);
	counting->n = 0;
}

/* ---- one approval ---- */

static bool in_time(const struct counting *counting, const struct approval *approval, struct err *err)
{
	int64_t at, until;
	char age[TEXT_SPAN_MAX];

	if (!text_parse_time(approval->at, &at))
		return err_set(err, ERR_APPROVAL, N_("the approval by %s does not say when it was made"), approval->by);
	if (at > counting->now + AHEAD_S) {
		err_set(err, ERR_APPROVAL, N_("the approval by %s is dated %s, which is later than this machine's clock"), approval->by,
			approval->at);
		err_hint(err,
			N_("Is the clock of this machine right, and that of the one who approved? Approve the plan again where it was not."));
		return false;
	}
	if (approval->until && (!text_parse_time(approval->until, &until) || until < counting->now))
		return err_set(err, ERR_APPROVAL, N_("the approval by %s ended at %s"), approval->by, approval->until);
	if (counting->now - at <= (int64_t)counting->age_s)
		return true;
	err_set(err, ERR_APPROVAL, N_("the approval by %s of %s is older than %s"), approval->by, approval->at,
		text_span(counting->age_s, age));
	err_hint(err, N_("Approve the plan again; approval_age of the configuration says how old an approval may be."));
	return false;
}

/* What was approved was approved under what the policy demanded then. */
static bool same_policy(const struct counting *counting, const struct approval *approval, struct err *err)
{
	const char *then = approval->policy ? approval->policy : "";

	if (!strcmp(then, counting->policy))
		return true;
	if (!*then) {
		err_set(err, ERR_APPROVAL, N_("the approval by %s was given without what the policy demands now"), approval->by);
		err_hint(err, N_("Approve the plan again."));
	} else if (!*counting->policy) {
		err_set(err, ERR_APPROVAL, N_("the approval by %s was given under a policy, and here no policy demands anything"),
			approval->by);
		err_hint(err, N_("Set policy_file in the [main] section of the configuration to that policy, or approve the plan again."));
	} else {
		err_set(err, ERR_APPROVAL, N_("the approval by %s was given under another policy than the one here"), approval->by);
		err_hint(err, N_("Approve the plan again, or take the policy back."));
	}
	return false;
}

/* fingerprint: of the key that signed, owned by the caller. */
static bool is_signed(const struct counting *counting, const struct approval *approval, char **fingerprint, struct err *err)
{
	struct str text, key;
	bool ok;

	if (!approval->signature)
		return err_set(err, ERR_APPROVAL, N_("the approval by %s is not signed"), approval->by);
	if (approval->first_form)
		return err_set(err, ERR_APPROVAL, N_("the approval by %s is of an older form, which signs neither its time nor its note"),
			approval->by);
	str_init(&text, 0);
	str_init(&key, 0);
	plan_approval_canonical(counting->plan, approval, &text);
	ok = child_ssh_verify(&(struct child_signer){ counting->allowed_signers, approval->by, approval->signature }, &text, &key, err) ||
	     err_context(err, N_("the approval by %s"), approval->by);
	if (ok && approval->key && strcmp(approval->key, key.s) != 0)
		ok = err_set(
			err, ERR_APPROVAL, N_("the approval by %s names the key %s, but %s signed it"), approval->by, approval->key, key.s);
	if (ok)
		*fingerprint = mem_text(key.s);
	str_release(&text);
	str_release(&key);
	return ok;
}

/* One key is one pair of eyes; and so is one person. */
static bool is_new(const struct counting *counting, const struct approval *approval, const char *key, struct err *err)
{
	for (size_t i = 0; i < counting->n; i++) {
		const struct approval *other = &counting->plan->approval[counting->counted[i]];

		if (!strcmp(counting->key[i], key))
			return err_set(err, ERR_APPROVAL, N_("the approvals by %s and by %s are of one key: they count once"), other->by,
				approval->by);
		if (!strcmp(other->by, approval->by))
			return err_set(err, ERR_APPROVAL, N_("%s approved twice, which counts once"), approval->by);
	}
	return true;
}

/* Counts approval i, or says why it does not count. */
static bool count(struct counting *counting, size_t i, struct err *err)
{
	const struct approval *approval = &counting->plan->approval[i];
	char *key = NULL;

	if (!in_time(counting, approval, err) || !same_policy(counting, approval, err))
		return false;
	if (counting->allowed_signers && (!is_signed(counting, approval, &key, err) || !is_new(counting, approval, key, err))) {
		free(key);
		return false;
	}
	counting->counted[counting->n] = i;
	counting->key[counting->n++] = key;
	return true;
}

/* ---- making one ---- */

static bool sign(const struct plan *plan, struct approval *approval, const char *key_file, struct err *err)
{
	struct str text, signature, key;
	bool ok;

	str_init(&text, 0);
	str_init(&signature, 0);
	str_init(&key, 0);
	plan_approval_canonical(plan, approval, &text);
	ok = child_ssh_sign(key_file, &text, &signature, err) && child_ssh_key(signature.s, &text, &key, err);
	if (ok) {
		approval->signature = mem_text(signature.s);
		approval->key = mem_text(key.s);
	}
	str_release(&text);
	str_release(&signature);
	str_release(&key);
	return ok;
}

/* The newest approval, where this machine can tell: does it bring the plan nearer to a push? */
static bool newest_counts(struct app *app, const struct plan *plan, struct err *err)
{
	struct counting counting;
	bool ok;

	if (!begin(&counting, app, plan, err))
		return false;
	if (!counting.allowed_signers || !*counting.allowed_signers)
		return true;
	for (size_t i = 0; i + 1 < plan->n_approval; i++)
		count(&counting, i, NULL);
	ok = count(&counting, plan->n_approval - 1, err);
	end(&counting);
	return ok;
}

/* What the wanted set alone shows not to be met needs no question to be refused. policy: what the approval is given under, or NULL. */
static bool take_policy(struct app *app, const struct plan *plan, char **policy, struct err *err)
{
	char digest[PLAN_ID_MAX];
	struct gates gates = { 0 };
	struct musts musts = { 0 };
	struct facts nothing;
	bool ok = demand_read(app, NULL, &musts, err);

	if (!ok)
		return false;
	facts_init(&nothing, &plan->domain);
	gate_ask_policy(
		&(struct gate_row){ .id = "policy" }, &(struct gate_input){ .plan = plan, .facts = &nothing, .musts = &musts }, &gates);
	for (size_t i = 0; ok && i < gates.n; i++)
		if (gates.gate[i].answer == GATE_NO) {
			ok = err_set(err, ERR_APPROVAL, N_("the plan is not approved"));
			if (err)
				err->what = gates.gate[i].reason;
		}
	demand_digest(&musts, &plan->domain, digest);
	*policy = *digest ? mem_text(digest) : NULL;
	gates_release(&gates);
	facts_release(&nothing);
	musts_release(&musts);
	return ok;
}

bool push_approve(struct app *app, struct plan *plan, const struct approver *approver, struct err *err)
{
	struct approval made = { .by = mem_text(approver->by), .note = mem_text(approver->note ? approver->note : "") };
	struct str at, until;
	const struct provider *provider = provider_find(plan->provider);
	bool ok;

	if ((provider && !provider_takes(provider, &plan->want, err)) || !take_policy(app, plan, &made.policy, err)) {
		approval_release(&made);
		return false;
	}
	str_init(&at, 0);
	str_init(&until, 0);
	text_time(&at, loop_now());
	made.at = mem_text(at.s);
	if (approver->until) {
		text_time(&until, approver->until);
		made.until = mem_text(until.s);
	}
	ok = plan->n_approval < PLAN_APPROVALS_MAX ||
	     err_set(err, ERR_USAGE, N_("a plan has at most %u approvals"), (unsigned)PLAN_APPROVALS_MAX);
	ok = ok && (!approver->key_file || sign(plan, &made, approver->key_file, err));
	if (ok) {
		plan_approve(plan, &made);
		ok = newest_counts(app, plan, err);
		if (!ok)
			plan_unapprove(plan);
	}
	approval_release(&made);
	str_release(&at);
	str_release(&until);
	return ok;
}

/* ---- counting them ---- */

static bool enough(struct counting *counting, unsigned long needed, struct err *err)
{
	struct err why = { 0 };

	for (size_t i = 0; i < counting->plan->n_approval && counting->n < needed; i++)
		count(counting, i, &why);
	if (counting->n >= needed)
		return true;
	if (!counting->allowed_signers)
		err_set(err, ERR_APPROVAL, N_("the plan is not approved"));
	else
		err_set(err, ERR_APPROVAL, N_("the plan has %zu of the %lu signed approvals that its domain asks for"), counting->n,
			needed);
	err_hint(err, counting->allowed_signers ? N_("mxladder approve --key FILE signs it.")
						: N_("Look at it, then approve it: mxladder approve PLAN."));
	if (err && why.code != ERR_NONE) {
		err->context[0] = err->what;
		err->what = why.what;
		if (why.hint.id)
			err->hint = why.hint;
	}
	return false;
}

bool push_approved(struct app *app, const struct plan *plan, struct err *err)
{
	const char *asked = config_domain_get(&app->config, &plan->domain, "approvals");
	unsigned long needed = signatures_asked(app, &plan->domain);
	struct counting counting;
	char must[PLAN_ID_MAX];
	bool ok;

	plan_digest(plan, must);
	if (strcmp(must, plan->id) != 0)
		return err_set(err, ERR_APPROVAL, N_("the plan was changed after it was sealed: its id is not its digest"));
	if (asked && *asked && !needed)
		return true;
	if (!begin(&counting, app, plan, err))
		return false;
	if (needed && (!counting.allowed_signers || !*counting.allowed_signers)) {
		err_set(err, ERR_APPROVAL, N_("signed approvals are asked for, but no allowed_signers file is configured"));
		err_hint(err, N_("Set allowed_signers in the [main] section of the configuration."));
		return false;
	}
	ok = enough(&counting, needed ? needed : 1, err);
	end(&counting);
	return ok;
}

/* ---- protected domains ---- */

bool push_protected(const struct app *app, const struct dname *domain)
{
	const char *value = config_domain_get(&app->config, domain, "protected");

	return value && !strcmp(value, "yes");
}

bool push_confirmed(const struct app *app, const struct dname *domain, const char *typed, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct dname name;

	if (!push_protected(app, domain) || (typed && dname_parse(&name, typed, NULL) && dname_equal(&name, domain)))
		return true;
	err_set(err, ERR_APPROVAL, N_("%s is protected, and its name was not given"), dname_show(domain, text));
	err_hint(err, N_("Push with --confirm %s."), text);
	return false;
}
