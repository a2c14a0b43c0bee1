/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Approvals as a push counts them, signed by real keys of ssh-keygen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/approval.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/scratch.h"

#define DAY_S 86400
#define NEVER INT64_MAX

struct desk {
	char *dir;
	struct app app;
	struct plan plan;
};

static char *in(const struct desk *desk, const char *name)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/%s", desk->dir, name);
	return str_take(&path);
}

static void put(const struct desk *desk, const char *name, const char *text)
{
	char *path = in(desk, name);

	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	free(path);
}

static void make_key(const struct desk *desk, const char *name)
{
	char command[600];

	snprintf(command, sizeof(command), "ssh-keygen -q -t ed25519 -N '' -C %s -f %s/%s", name, desk->dir, name);
	assert_int_equal(system(command), 0);
}

static void public_key(const struct desk *desk, const char *name, const char *principal, struct str *out)
{
	char file[100], *path;

	snprintf(file, sizeof(file), "%s.pub", name);
	path = in(desk, file);
	str_addf(out, "%s ", principal);
	assert_true(store_read_file(path, 4000, out, NULL));
	free(path);
}

/* With `approvals` signed ones asked for ("" asks for one of any kind), and these allowed keys. */
static void configure(struct desk *desk, const char *approvals, const char *more, const char *signers)
{
	char *config = in(desk, "config"), *state = in(desk, "state");
	struct app_options options = { .config = config, .state_dir = state };
	struct err err = { 0 };
	struct str text;

	if (desk->app.loop)
		app_close(&desk->app);
	put(desk, "signers", signers);
	str_init(&text, 0);
	str_addf(&text, "[main]\nallowed_signers = %s/signers\n%s\n[domain exempel.com]\n", desk->dir, more);
	if (*approvals)
		str_addf(&text, strchr(approvals, '=') ? "%s\n" : "approvals = %s\n", approvals);
	put(desk, "config", text.s);
	assert_true(app_open(&desk->app, &options, &err));
	str_release(&text);
	free(config);
	free(state);
}

static int set_up(void **state)
{
	struct desk *desk = mem_alloc(sizeof(*desk));

	desk->dir = scratch_new(NULL);
	assert_non_null(desk->dir);
	plan_init(&desk->plan);
	assert_true(dname_parse(&desk->plan.domain, "exempel.com", NULL));
	assert_true(dname_parse(&desk->plan.zone, "exempel.com", NULL));
	plan_seal(&desk->plan);
	make_key(desk, "eva");
	make_key(desk, "nils");
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	app_close(&desk->app);
	plan_release(&desk->plan);
	scratch_free(desk->dir);
	free(desk);
	return 0;
}

static bool approve(struct desk *desk, const char *by, const char *key, struct err *err)
{
	char *file = key ? in(desk, key) : NULL;
	bool ok = push_approve(&desk->app, &desk->plan, &(struct approver){ .by = by, .note = "n", .key_file = file }, err);

	free(file);
	return ok;
}

static void expect_refused(struct desk *desk, const char *because)
{
	struct err err = { 0 };
	struct str text;

	str_init(&text, 0);
	assert_false(push_approved(&desk->app, &desk->plan, &err));
	err_format(&err, NULL, &text);
	assert_int_equal(err.code, ERR_APPROVAL);
	if (!strstr(text.s, because))
		fail_msg("%s", text.s);
	str_release(&text);
}

static void set_time(char **member, int64_t at)
{
	struct str text;

	str_init(&text, 0);
	text_time(&text, at);
	free(*member);
	*member = str_take(&text);
}

/* ---- signed ---- */

/* approvals = 2 is not met by one key that two principals, or a pattern, name. */
static void push_approved__counts__one_key_once(void **state)
{
	static const char *const principals[] = { "eva@exempel.com,nils@exempel.com", "*@exempel.com" };
	struct desk *desk = *state;
	struct str signers;

	str_init(&signers, 0);
	for (size_t i = 0; i < 2; i++) {
		struct err err = { 0 };

		str_clear(&signers);
		public_key(desk, "eva", principals[i], &signers);
		configure(desk, "2", "", signers.s);
		plan_release(&desk->plan);
		plan_init(&desk->plan);
		assert_true(dname_parse(&desk->plan.domain, "exempel.com", NULL));
		plan_seal(&desk->plan);
		assert_true(approve(desk, "eva@exempel.com", "eva", &err));
		assert_int_equal(strncmp(desk->plan.approval[0].key, "SHA256:", 7), 0);
		/* where it is made, it is refused at once */
		assert_false(approve(desk, "nils@exempel.com", "eva", &err));
		assert_int_equal(err.code, ERR_APPROVAL);
		assert_int_equal(desk->plan.n_approval, 1);
		/* made elsewhere, it does not count */
		configure(desk, "0", "", signers.s);
		assert_true(approve(desk, "nils@exempel.com", "eva", &err));
		configure(desk, "2", "", signers.s);
		assert_int_equal(desk->plan.n_approval, 2);
		expect_refused(desk, "has 1 of the 2");
		expect_refused(desk, "are of one key");
	}
	str_release(&signers);
}

static void two_keys(struct desk *desk, const char *more)
{
	struct str signers;

	str_init(&signers, 0);
	public_key(desk, "eva", "eva", &signers);
	public_key(desk, "nils", "nils", &signers);
	configure(desk, "2", more, signers.s);
	str_release(&signers);
}

static void push_approved__takes__two_keys(void **state)
{
	struct desk *desk = *state;

	two_keys(desk, "");
	assert_true(approve(desk, "eva", "eva", NULL));
	assert_true(approve(desk, "nils", "nils", NULL));
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
}

/* Also behind many that do not count. */
static void push_approved__looks_at__every_approval(void **state)
{
	struct desk *desk = *state;

	two_keys(desk, "");
	assert_true(approve(desk, "eva", "eva", NULL));
	for (int i = 0; i < 100; i++) {
		plan_approve(&desk->plan, &desk->plan.approval[0]);
		free(desk->plan.approval[i + 1].signature);
		desk->plan.approval[i + 1].signature = NULL;
	}
	assert_true(approve(desk, "nils", "nils", NULL));
	assert_int_equal(desk->plan.n_approval, 102);
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
}

/* What was signed is what counts: note, time, end, name and plan. */
static void push_approved__refuses__what_was_changed_after_it_was_signed(void **state)
{
	struct desk *desk = *state;
	struct approval *nils;

	two_keys(desk, "");
	assert_true(approve(desk, "eva", "eva", NULL));
	assert_true(approve(desk, "nils", "nils", NULL));
	nils = &desk->plan.approval[1];
	nils->note[0] = 'm';
	expect_refused(desk, "ssh-keygen: Signature verification failed");
	nils->note[0] = 'n';
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	set_time(&nils->at, loop_now() - 3600);
	expect_refused(desk, "ssh-keygen: Signature verification failed");
	plan_unapprove(&desk->plan);
	assert_true(approve(desk, "nils", "nils", NULL));
	nils = &desk->plan.approval[1];
	set_time(&nils->until, loop_now() + 3600);
	expect_refused(desk, "ssh-keygen: Signature verification failed");
	plan_unapprove(&desk->plan);
	assert_true(approve(desk, "nils", "nils", NULL));
	nils = &desk->plan.approval[1];
	nils->key[10] ^= 1;
	expect_refused(desk, "names the key");
}

static void push_approved__refuses__another_ticket_than_was_signed(void **state)
{
	struct desk *desk = *state;

	two_keys(desk, "");
	assert_true(plan_set_ticket(&desk->plan, "CHG-1", NULL));
	assert_true(approve(desk, "eva", "eva", NULL));
	assert_true(approve(desk, "nils", "nils", NULL));
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	desk->plan.ticket[4] = '2';
	expect_refused(desk, "ssh-keygen: Signature verification failed");
	desk->plan.ticket[0] = '\0';
	expect_refused(desk, "ssh-keygen: Signature verification failed");
	assert_false(plan_set_ticket(&desk->plan, "CHG-1", NULL)); /* they signed it without one, as it says now */
}

/* A policy, and the configuration that names it, or does not. */
static void demand(struct desk *desk, const char *must, bool configured, const char *signers)
{
	struct str text, setting;

	str_init(&text, 0);
	str_init(&setting, 0);
	str_addf(&text, "[domain exempel.com]\nmust = %s\n", must);
	put(desk, "policy", text.s);
	if (configured)
		str_addf(&setting, "policy_file = %s/policy", desk->dir);
	configure(desk, "1", setting.s ? setting.s : "", signers);
	str_release(&text);
	str_release(&setting);
}

static void push_approved__refuses__another_policy_than_was_signed(void **state)
{
	struct desk *desk = *state;
	struct str signers;
	char *signed_under;

	str_init(&signers, 0);
	public_key(desk, "eva", "eva", &signers);
	demand(desk, "dnssec", true, signers.s);
	assert_true(approve(desk, "eva", "eva", NULL));
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	/* written otherwise it demands the same */
	demand(desk, "DNSSEC # as ever", true, signers.s);
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	demand(desk, "one host", true, signers.s);
	expect_refused(desk, "the approval by eva was given under another policy than the one here");
	demand(desk, "dnssec", false, signers.s);
	expect_refused(desk, "the approval by eva was given under a policy, and here no policy demands anything");
	/* and the file of the plan cannot say that there was none, for the signature covers it */
	signed_under = desk->plan.approval[0].policy;
	desk->plan.approval[0].policy = NULL;
	expect_refused(desk, "ssh-keygen: Signature verification failed");
	desk->plan.approval[0].policy = signed_under;
	plan_unapprove(&desk->plan);
	assert_true(approve(desk, "eva", "eva", NULL));
	assert_null(desk->plan.approval[0].policy);
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	demand(desk, "dnssec", true, signers.s);
	expect_refused(desk, "the approval by eva was given without what the policy demands now");
	str_release(&signers);
}

static void push_approved__refuses__where_the_policy_cannot_be_read(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };

	configure(desk, "", "", "");
	assert_true(approve(desk, "eva", NULL, NULL));
	demand(desk, "be good", true, "");
	assert_false(push_approved(&desk->app, &desk->plan, &err));
	assert_int_equal(err.code, ERR_USAGE);
	err = (struct err){ 0 };
	assert_false(approve(desk, "nils", NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
	err = (struct err){ 0 };
	assert_false(approve(desk, "nils", "nowhere", &err)); /* and no key is looked for */
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(desk->plan.n_approval, 1);
}

static void push_approve__refuses__what_the_set_alone_shows_not_to_meet_the_policy(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };
	struct str text;

	demand(desk, "hoster google", true, "");
	configure(desk, "", "", "");
	assert_true(approve(desk, "eva", NULL, NULL));
	plan_unapprove(&desk->plan);
	str_init(&text, 0);
	str_addf(&text, "policy_file = %s/policy", desk->dir);
	configure(desk, "", text.s, "");
	assert_false(approve(desk, "eva", NULL, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
	str_clear(&text);
	err_format(&err, NULL, &text);
	assert_string_equal(text.s, "the policy demands \"hoster google\", which the plan does not meet: mxladder check PLAN says why");
	assert_int_equal(desk->plan.n_approval, 0);
	str_release(&text);
}

static void push_approve__refuses__what_could_not_count(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };
	struct str signers;

	str_init(&signers, 0);
	public_key(desk, "eva", "eva", &signers);
	configure(desk, "1", "", signers.s);
	assert_false(approve(desk, "eva", NULL, &err)); /* not signed */
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_false(approve(desk, "nils", "nils", &err)); /* a key that nobody allows */
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_false(approve(desk, "somebodyelse", "eva", &err)); /* an allowed key under another name */
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_non_null(strstr(err.what.id, "allows no such key"));
	assert_int_equal(desk->plan.n_approval, 0);
	assert_false(approve(desk, "eva", "nowhere", &err)); /* no such key file: ssh-keygen's own words */
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_true(approve(desk, "eva", "eva", &err));
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	str_release(&signers);
}

static void push_approved__refuses__a_signature_of_the_first_form(void **state)
{
	struct desk *desk = *state;
	struct str signers;

	str_init(&signers, 0);
	public_key(desk, "eva", "eva", &signers);
	configure(desk, "1", "", signers.s);
	assert_true(approve(desk, "eva", "eva", NULL));
	desk->plan.approval[0].first_form = true;
	expect_refused(desk, "older form");
	configure(desk, "", "", signers.s); /* no signature is asked */
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
	str_release(&signers);
}

/* ---- time ---- */

static void push_approved__refuses__the_old_the_ended_and_the_future(void **state)
{
	static const struct {
		const char *config;
		int64_t at_s, until_s; /* from now */
		const char *because;   /* NULL: counts */
	} rows[] = {
		{ "", -7 * DAY_S, NEVER, NULL },
		{ "", -7 * DAY_S - 1, NEVER, "is older than 7d" },
		{ "approval_age = 1h", -3600, NEVER, NULL },
		{ "approval_age = 1h", -3601, NEVER, "is older than 1h" },
		{ "approval_age = 30d", -29 * DAY_S, NEVER, NULL },
		{ "approval_age = 30d", -31 * DAY_S, NEVER, "is older than 30d" },
		{ "", -DAY_S, 60, NULL },
		{ "", -DAY_S, 0, NULL },
		{ "", -DAY_S, -1, "ended at" },
		{ "", 60, NEVER, NULL },
		{ "", 300, NEVER, NULL },
		{ "", 301, NEVER, "later than this machine's clock" },
		{ "", 3600, NEVER, "later than this machine's clock" },
	};
	struct desk *desk = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct approval *approval;
		struct err err = { 0 };
		struct str text;
		int64_t now;
		bool counts;

		configure(desk, "", rows[i].config, "");
		if (desk->plan.n_approval)
			plan_unapprove(&desk->plan);
		assert_true(approve(desk, "eva", NULL, NULL));
		approval = &desk->plan.approval[0];
		do { /* within one second */
			now = loop_now();
			set_time(&approval->at, now + rows[i].at_s);
			if (rows[i].until_s != NEVER)
				set_time(&approval->until, now + rows[i].until_s);
			counts = push_approved(&desk->app, &desk->plan, &err);
		} while (loop_now() != now);
		assert_int_equal(counts, !rows[i].because);
		str_init(&text, 0);
		err_format(&err, NULL, &text);
		if (rows[i].because && !strstr(text.s, rows[i].because))
			fail_msg("%s", text.s);
		str_release(&text);
	}
	expect_refused(desk, "the plan is not approved");
}

/* An approval that does not say when counts for nothing; nor does one person twice, with whatever keys. */
static void push_approved__refuses__the_undated_and_the_same_person(void **state)
{
	struct desk *desk = *state;
	struct str signers;

	configure(desk, "", "", "");
	assert_true(approve(desk, "eva", NULL, NULL));
	free(desk->plan.approval[0].at);
	desk->plan.approval[0].at = mem_text("yesterday");
	expect_refused(desk, "the approval by eva does not say when it was made");
	plan_unapprove(&desk->plan);
	str_init(&signers, 0);
	public_key(desk, "eva", "eva", &signers);
	public_key(desk, "nils", "eva", &signers);
	configure(desk, "0", "", signers.s);
	assert_true(approve(desk, "olle", NULL, NULL)); /* not signed: what counts begins behind it */
	configure(desk, "2", "", signers.s);
	assert_true(approve(desk, "eva", "eva", NULL));
	assert_false(approve(desk, "eva", "nils", NULL));
	configure(desk, "0", "", signers.s);
	assert_true(approve(desk, "eva", "nils", NULL));
	configure(desk, "2", "", signers.s);
	expect_refused(desk, "eva approved twice, which counts once");
	expect_refused(desk, "has 1 of the 2");
	str_release(&signers);
}

/* One that has ended when it is made counts for nothing, and is not made. */
static void push_approve__refuses__an_end_that_has_passed(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };
	struct str signers;
	char *key = in(desk, "eva");

	str_init(&signers, 0);
	public_key(desk, "eva", "eva", &signers);
	configure(desk, "1", "", signers.s);
	assert_false(push_approve(
		&desk->app, &desk->plan, &(struct approver){ .by = "eva", .note = "n", .key_file = key, .until = loop_now() - 60 }, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_string_equal(err.what.id, "the approval by %s ended at %s");
	assert_int_equal(desk->plan.n_approval, 0);
	free(key);
	str_release(&signers);
}

static void push_approved__asks__what_the_domain_asks(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };

	configure(desk, "0", "", "");
	assert_true(push_approved(&desk->app, &desk->plan, NULL)); /* none */
	configure(desk, "", "", "");
	expect_refused(desk, "the plan is not approved");
	assert_true(approve(desk, "eva", NULL, NULL));
	set_time(&desk->plan.approval[0].at, loop_now() + 3600);
	assert_false(push_approved(&desk->app, &desk->plan, &err));
	assert_string_equal(err.context[0].id, "the plan is not approved"); /* what led there, and then why */
	assert_null(err.context[1].id);
	plan_unapprove(&desk->plan);
	desk->plan.id[0] ^= 1;
	assert_false(push_approved(&desk->app, &desk->plan, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_string_equal(err.what.id, "the plan was changed after it was sealed: its id is not its digest");
	desk->plan.id[0] ^= 1;
}

static void age__of_the_domain__goes_before_the_general_one(void **state)
{
	struct desk *desk = *state;

	configure(desk, "approval_age = 2h", "approval_age = 30d", "");
	assert_true(approve(desk, "eva", NULL, NULL));
	set_time(&desk->plan.approval[0].at, loop_now() - 7300);
	expect_refused(desk, "is older than 2h");
	set_time(&desk->plan.approval[0].at, loop_now() - 7100);
	assert_true(push_approved(&desk->app, &desk->plan, NULL));
}

static void push_approve__writes__until_when(void **state)
{
	struct desk *desk = *state;
	const int64_t until = 1795608000;
	struct err err = { 0 };

	configure(desk, "", "", "");
	assert_true(push_approve(&desk->app, &desk->plan, &(struct approver){ .by = "eva", .until = until }, NULL));
	assert_string_equal(desk->plan.approval[0].until, "2026-11-25T12:00:00Z");
	assert_string_equal(desk->plan.approval[0].note, "");
	plan_unapprove(&desk->plan);
	assert_true(approve(desk, "eva", NULL, NULL));
	assert_null(desk->plan.approval[0].until);
	while (desk->plan.n_approval < PLAN_APPROVALS_MAX)
		plan_approve(&desk->plan, &desk->plan.approval[0]);
	assert_false(approve(desk, "eva", NULL, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(desk->plan.n_approval, PLAN_APPROVALS_MAX);
}

/* What the provider does not store is not approved either. */
static void push_approve__refuses__what_the_provider_cannot_store(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };

	configure(desk, "", "", "");
	free(desk->plan.provider);
	desk->plan.provider = mem_text("digitalocean");
	desk->plan.want.ttl_s = 29;
	mxset_add(&desk->plan.want, &(struct mx){ .preference = 10, .host = desk->plan.domain });
	plan_seal(&desk->plan);
	assert_false(approve(desk, "eva", NULL, &err));
	assert_int_equal(desk->plan.n_approval, 0);
	assert_true(err.code != ERR_NONE);
	desk->plan.want.ttl_s = 30;
	plan_seal(&desk->plan);
	assert_true(approve(desk, "eva", NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(push_approved__counts__one_key_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__takes__two_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__looks_at__every_approval, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__what_was_changed_after_it_was_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__another_ticket_than_was_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approve__refuses__what_could_not_count, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__another_policy_than_was_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__where_the_policy_cannot_be_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approve__refuses__what_the_set_alone_shows_not_to_meet_the_policy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__a_signature_of_the_first_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__the_old_the_ended_and_the_future, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__refuses__the_undated_and_the_same_person, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approve__refuses__an_end_that_has_passed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approved__asks__what_the_domain_asks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(age__of_the_domain__goes_before_the_general_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approve__writes__until_when, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_approve__refuses__what_the_provider_cannot_store, set_up, tear_down),
	};

	if (system("command -v ssh-keygen >/dev/null") != 0)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
