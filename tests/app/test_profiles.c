/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Senders, mixes and traffic from configuration files on disk. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/profiles.h"
#include "io/scratch.h"
#include "io/store.h"

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

static bool known(const char *provider, const char *name)
{
	(void)provider;
	(void)name;
	return false;
}

static bool read_text(const char *text, struct config *config, struct profiles *profiles, struct err *err)
{
	char *dir = scratch_new(NULL);
	struct str path;
	bool ok;

	str_init(&path, 0);
	str_addf(&path, "%s/config", dir);
	assert_true(store_write_file(path.s, text, strlen(text), 0600, NULL));
	ok = config_read(config, path.s, known, err) && profiles_read(profiles, config, err);
	scratch_free(dir);
	str_release(&path);
	return ok;
}

static void done(struct config *config, struct profiles *profiles)
{
	profiles_release(profiles);
	config_release(config);
}

static const char whole[] = "[sender ours]\n"
			    "base = postfix\n"
			    "title = Our relay\n"
			    "connect_timeout = 10s\n"
			    "greeting-5xx = bounce\n"
			    "[sender theirs]\n"
			    "base = ours\n"
			    "life = 2d\n"
			    "[mix shop]\n"
			    "ours = 3\n"
			    "gmail = 1\n"
			    "[traffic office]\n"
			    "per_hour = 0,0,0,0,0,0,0,5,50,90,90,80,60,80,90,80,50,20,10,5,5,0,0,0\n"
			    "[simulate]\n"
			    "mix = shop\n";

static void profiles_read__derives_senders(void **state)
{
	struct config config = { 0 };
	struct profiles profiles = { 0 };
	const struct sender *ours, *theirs;
	struct mix mix;
	double per_hour[24];

	(void)state;
	assert_true(read_text(whole, &config, &profiles, NULL));
	ours = profiles_find(&profiles, "ours");
	theirs = profiles_find(&profiles, "theirs");
	assert_string_equal(ours->title, "Our relay");
	assert_true(sender_find("postfix")->common > 0);
	assert_int_equal(ours->common, 0); /* how much of the mail is theirs is not told of it */
	assert_int_equal(ours->connect_timeout_s, 10);
	assert_int_equal(ours->out[SIM_GREETING_5XX], OUT_BOUNCE);
	assert_int_equal(ours->source[GROUP_CONNECT].sure, SURE_CONFIGURED);
	assert_int_equal(ours->source[GROUP_ORDER].sure, SURE_MEASURED);
	assert_int_equal(ours->life_s, sender_find("postfix")->life_s);
	assert_string_equal(theirs->title, "theirs");
	assert_int_equal(theirs->connect_timeout_s, 10);
	assert_int_equal(theirs->life_s, 172800);
	assert_ptr_equal(profiles.list[0], senders[0]);
	assert_null(profiles.list[profiles.n]);
	assert_true(profiles_mix(&profiles, NULL, &mix, NULL));
	assert_true(near(mix.weight[profiles.n - 2], 0.75));
	assert_true(profiles_traffic(&profiles, "office", per_hour, NULL));
	assert_true(near(per_hour[9], 90));
	assert_true(profiles_traffic(&profiles, NULL, per_hour, NULL));
	assert_true(near(per_hour[3], 60));
	done(&config, &profiles);
}

static void profiles_read__says_where_it_is_wrong(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "[sender a]\nbase = nobody\n", "2" },
		{ "[sender a]\nbase = b\n[sender b]\nbase = exim\n", "2" },
		{ "[sender postfix]\nlife = 1d\n", "1" },
		{ "[sender all]\nlife = 1d\n", "1" },
		{ "[sender a]\ncolour = red\n", "2" },
		{ "[sender a]\nlife = long\n", "2" },
		{ "[sender a]\n\nlife = 0\n", "1" },
		{ "[sender a]\ntitle = \x1b[31mred\n", "1" },
		{ "[mix m]\nnobody = 3\n", "2" },
		{ "[mix m]\ngmail = much\n", "2" },
		{ "[mix m]\ngmail = 1,2\n", "2" },
		{ "[traffic t]\nper_hour = 1,2\n", "2" },
		{ "\n[traffic t]\n", "2" },
		{ "\n\n[mix m]\n", "3" },
		{ "[mix m]\n\ngmail = 0\n", "3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config config = { 0 };
		struct profiles profiles = { 0 };
		struct err err = { 0 };
		const char *where;

		assert_false(read_text(rows[i].text, &config, &profiles, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.context[0].id, "%s:%d");
		where = strstr(err.context[0].arg[0], "/config");
		assert_non_null(where);
		assert_string_equal(err.context[0].arg[1], rows[i].line);
		done(&config, &profiles);
	}
}

/* As many as results are kept for; one more is refused where it stands. */
static void senders__are_so_many__at_most(void **state)
{
	struct config config = { 0 };
	struct profiles profiles = { 0 };
	struct err err = { 0 };
	struct str text;
	size_t n = 0;

	(void)state;
	while (senders[n])
		n++;
	str_init(&text, 0);
	for (size_t i = n; i < MIX_SENDERS; i++)
		str_addf(&text, "[sender s%zu]\n", i);
	assert_true(read_text(text.s, &config, &profiles, NULL));
	assert_int_equal(profiles.n, MIX_SENDERS);
	assert_null(profiles.list[MIX_SENDERS]);
	assert_string_equal(profiles.list[MIX_SENDERS - 1]->title, profiles.list[MIX_SENDERS - 1]->name);
	assert_int_equal(profiles.list[MIX_SENDERS - 1]->common, 0);
	assert_int_equal(profiles.list[MIX_SENDERS - 1]->life_s, sender_find("rfc5321")->life_s);
	done(&config, &profiles);
	str_add(&text, "[sender last]\n");
	assert_false(read_text(text.s, &config, &profiles, &err));
	assert_string_equal(err.what.id, "more than %d senders");
	assert_int_equal(strtoul(err.context[0].arg[1], NULL, 10), MIX_SENDERS - n + 1);
	done(&config, &profiles);
	str_release(&text);
}

static void mix__is__as_configured_or_as_published(void **state)
{
	struct config config = { 0 };
	struct profiles profiles = { 0 };
	struct cutover_part part[MIX_SENDERS];
	struct mix mix, standard;
	double per_hour[24 + 1];
	char text[80];

	(void)state;
	snprintf(text, sizeof(text), "[mix one]\n%s = 2\n", senders[0]->name);
	assert_true(read_text(text, &config, &profiles, NULL));
	assert_true(profiles_mix(&profiles, "one", &mix, NULL));
	assert_int_equal(profiles_parts(&profiles, &mix, part), 1);
	assert_ptr_equal(part[0].sender, senders[0]);
	assert_true(near(part[0].weight, 1));
	done(&config, &profiles);
	assert_true(read_text(whole, &config, &profiles, NULL));
	assert_true(profiles_mix(&profiles, NULL, &mix, NULL));
	assert_string_equal(mix.source, "the configuration");
	assert_int_equal(profiles_parts(&profiles, &mix, part), 2);
	assert_string_equal(part[0].sender->name, "gmail");
	assert_true(near(part[0].weight, 0.25));
	assert_string_equal(part[1].sender->name, "ours");
	assert_true(near(part[1].weight, 0.75));
	assert_null(profiles_find(&profiles, "nobody"));
	done(&config, &profiles);
	assert_true(read_text("[dns]\ntimeout = 3s\n", &config, &profiles, NULL));
	mix_standard(&standard, profiles.list);
	assert_true(profiles_mix(&profiles, NULL, &mix, NULL));
	assert_string_equal(mix.source, standard.source);
	for (size_t i = 0; i < profiles.n; i++)
		assert_true(mix.weight[i] == standard.weight[i]);
	memset(per_hour, 0, sizeof(per_hour));
	assert_true(profiles_traffic(&profiles, NULL, per_hour, NULL));
	for (size_t i = 0; i < 24; i++)
		assert_true(near(per_hour[i], 60));
	assert_true(near(per_hour[24], 0)); /* a day's hours, and no more */
	done(&config, &profiles);
}

static void profiles__names_what_is_missing(void **state)
{
	struct config config = { 0 };
	struct profiles profiles = { 0 };
	struct err err = { 0 };
	struct mix mix;
	double per_hour[24];

	(void)state;
	assert_false(read_text("[simulate]\nmix = none\n", &config, &profiles, &err));
	done(&config, &profiles);
	assert_true(read_text("[dns]\ntimeout = 3s\n", &config, &profiles, NULL));
	assert_true(profiles_mix(&profiles, NULL, &mix, NULL));
	assert_false(profiles_mix(&profiles, "none", &mix, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(profiles_traffic(&profiles, "none", per_hour, &err));
	done(&config, &profiles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_read__derives_senders),
		cmocka_unit_test(profiles_read__says_where_it_is_wrong),
		cmocka_unit_test(senders__are_so_many__at_most),
		cmocka_unit_test(mix__is__as_configured_or_as_published),
		cmocka_unit_test(profiles__names_what_is_missing),
	};

	return cmocka_run_group_tests_name("profiles", tests, NULL, NULL);
}
