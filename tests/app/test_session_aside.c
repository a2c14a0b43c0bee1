/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft whose file another changed: how that is noticed, and mine, which is kept aside with each edit until one is chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

static bool is_there(const struct world *world, const char *ending)
{
	char path[320];

	snprintf(path, sizeof(path), "%s%s", world->path, ending);
	return access(path, F_OK) == 0;
}

/* Another's draft may be as long as mine to the byte. */
static void draft__of_the_same_length__is_another(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	struct str text;
	char *ttl;

	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	assert_true(session_draft_current(world->session, NULL));
	str_init(&text, 0);
	assert_true(store_read_file(world->path, 100000, &text, NULL));
	ttl = strstr(text.s, "60");
	assert_non_null(ttl);
	*ttl = '9';
	assert_true(store_write_file(world->path, text.s, text.len, 0600, NULL));
	assert_false(session_draft_current(world->session, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(session_draft_clash(world->session));
	assert_true(is_there(world, ".mine"));
	*ttl = '6';
	assert_true(store_write_file(world->path, text.s, text.len, 0600, NULL));
	assert_true(session_keep_mine(world->session, NULL));
	assert_false(is_there(world, ".mine"));
	assert_true(session_draft_current(world->session, NULL));
	str_release(&text);
}

static unsigned open_files(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Mine of an earlier run goes on in its own file, which is held once, however often it is edited. */
static void mine__of_an_earlier_run__is_held_once(void **state)
{
	struct world *world = *state;
	struct session *other = world_open(world);
	struct err err = { 0 };
	unsigned held;

	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	session_set_ttl(other, 90);
	assert_false(session_save(other, NULL));
	session_close(other);
	other = session_open(&world->app, &world->domain, world_moved, world);
	assert_true(session_draft_aside(other));
	held = open_files();
	for (uint32_t ttl_s = 91; ttl_s < 94; ttl_s++) {
		session_set_ttl(other, ttl_s);
		assert_false(session_save(other, NULL));
		assert_int_equal(open_files(), held);
		assert_false(session_draft_current(other, &err)); /* nothing of it may be pushed */
		assert_int_equal(err.code, ERR_CONFLICT);
	}
	session_close(other);
	assert_int_equal(open_files(), held - 1);
	assert_true(is_there(world, ".mine"));
	assert_false(is_there(world, ".mine-2"));
	other = session_open(&world->app, &world->domain, world_moved, world);
	assert_true(session_draft_aside(other));
	assert_int_equal(session_set(other)->ttl_s, 93);
	session_close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(draft__of_the_same_length__is_another),
		TEST(mine__of_an_earlier_run__is_held_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
