/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/preset.h"
#include "sets.h"

static void preset_recognise__knows__its_own_sets(void **state)
{
	struct dname domain;
	struct mxset set = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_null(preset_recognise(&set, &domain));
	for (const struct preset *p = presets; p->name; p++) {
		assert_true(*p->title && p->mx[0].host);
		assert_ptr_equal(preset_find(p->name), p);
		mxset_release(&set);
		set.ttl_s = 77;
		preset_fill(p, &domain, &set);
		assert_int_equal(set.ttl_s, 77);
		assert_int_equal(set.n > 0, preset_is_complete(p));
		for (size_t i = 0; i < set.n; i++) {
			assert_true(set.mx[i].host.len > 0);
			assert_null(strchr(mx_host_text(&set.mx[i], text), '{'));
		}
		if (set.n && strcmp(p->name, "ovh-mx0") != 0)
			assert_ptr_equal(preset_recognise(&set, &domain), p);
	}
	set_from(&set, "60 10 inbound-smtp.eu-west-1.amazonaws.com");
	assert_string_equal(preset_recognise(&set, &domain)->name, "ses");
	set_from(&set, "60 0 exempel-com.k-v1.mx.microsoft");
	assert_string_equal(preset_recognise(&set, &domain)->name, "microsoft365-dnssec");
	set_from(&set, "60 0 .mx.microsoft");
	assert_null(preset_recognise(&set, &domain));
	set_from(&set, "60 1 smtp.google.com 10 mx.zoho.com");
	assert_null(preset_recognise(&set, &domain));
	assert_null(preset_find("nobody"));
	mxset_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(preset_recognise__knows__its_own_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
