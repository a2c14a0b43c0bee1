/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes through a run: requests, what was found, a vendor's sentence. */
#include "drive.h"

#include "base/mem.h"
#include "provider/vendor.h"

static void request_init__leaves__nothing_unset(void **state)
{
	struct request request;

	(void)state;
	memset(&request, 0xff, sizeof request);
	request_init(&request);
	assert_string_equal(request.dns.s, "");
	assert_string_equal(request.signature.s, "");
	assert_string_equal(request.content.s, "");
	assert_null(request.path);
	assert_null(request.title.id);
	assert_false(request.writes || request.open || request.may_miss);
	request_release(&request);
	request_release(&request);
}

/* What a later run is told, that it need not ask for again. */
static void provider_run_know__hands_on__what_was_found(void **state)
{
	static const uint32_t ttls[] = { 60, 0 };
	struct provider_run found, run;
	struct provider_set set = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	provider_run_init(&found, NULL, GOAL_READ, NULL);
	provider_run_init(&run, NULL, GOAL_WRITE, NULL);
	assert_true(dname_parse(&found.zone, "example.com", NULL));
	provider_run_set_zone_id(&found, "z1");
	provider_run_set_zone_id(&run, "older");
	found.n_ns = 2;
	assert_true(dname_parse(&found.ns[1], "ns2.example.com", NULL));
	found.ns_usual = true;
	found.limits = (struct provider_limits){ .ttl_min_s = 1, .ttl_max_s = 2, .records_max = 3, .ttls = ttls };
	found.first_ttl_s = 4;
	provider_run_know(&run, &found);
	assert_string_equal(dname_text(&run.zone, text), "example.com");
	assert_string_equal(run.zone_id, "z1");
	assert_int_equal(run.n_ns, 2);
	assert_string_equal(dname_text(&run.ns[1], text), "ns2.example.com");
	assert_true(run.ns_usual);
	assert_memory_equal(&run.limits, &found.limits, sizeof run.limits);
	assert_int_equal(run.first_ttl_s, 4);
	provider_run_set_zone_id(&found, NULL);
	provider_run_know(&run, &found);
	assert_null(run.zone_id);
	snprintf(provider_set_add(&found.have)->id, 8, "7");
	found.have.kept = mem_text("beside");
	snprintf(found.have.mark, sizeof found.have.mark, "m");
	provider_set_add(&set);
	provider_set_add(&set);
	provider_set_copy(&set, &found.have);
	assert_int_equal(set.n, 1);
	assert_string_equal(set.record[0].id, "7");
	assert_string_equal(set.kept, "beside");
	assert_string_equal(set.mark, "m");
	provider_set_release(&set);
	provider_run_release(&run);
	provider_run_release(&found);
}

static void vendor_sentence__is_cut__to_its_room(void **state)
{
	struct verdict verdict;
	char text[2 * sizeof verdict.sentence];

	(void)state;
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	vendor_sentence(&verdict, text);
	assert_int_equal(strlen(verdict.sentence), sizeof verdict.sentence - 1);
	text[sizeof verdict.sentence] = '\0';
	vendor_sentence(&verdict, text);
	assert_int_equal(strlen(verdict.sentence), sizeof verdict.sentence - 1);
	text[sizeof verdict.sentence - 1] = '\0';
	vendor_sentence(&verdict, text);
	assert_string_equal(verdict.sentence, text);
	vendor_sentence(&verdict, NULL);
	assert_string_equal(verdict.sentence, "");
}

/* OVH's API says 0 where the zone's own TTL holds, and not what that is; Cloudflare's automatic TTL is known. */
static void provider_set_ttl_guessed__is__where_the_vendor_does_not_tell(void **state)
{
	static const struct {
		const char *provider;
		bool automatic, disabled, guessed;
	} rows[] = {
		{ "ovh", true, false, true },
		{ "ovh", false, false, false },
		{ "ovh", true, true, false },
		{ "cloudflare", true, false, false },
		{ "linode", true, false, false },
		{ "zonefile", true, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct provider_set set = { 0 };
		struct provider_record *record = provider_set_add(&set);

		record->automatic = rows[i].automatic;
		record->disabled = rows[i].disabled;
		assert_int_equal(provider_set_ttl_guessed(provider_find(rows[i].provider), &set), rows[i].guessed);
		provider_set_release(&set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(provider_set_ttl_guessed__is__where_the_vendor_does_not_tell),
		cmocka_unit_test(request_init__leaves__nothing_unset),
		cmocka_unit_test(provider_run_know__hands_on__what_was_found),
		cmocka_unit_test(vendor_sentence__is_cut__to_its_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
