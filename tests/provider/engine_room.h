/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vendors of a test's own, driven from bytes. */
#ifndef TESTS_PROVIDER_ENGINE_ROOM_H
#define TESTS_PROVIDER_ENGINE_ROOM_H

#include "drive.h"

#include <jansson.h>

#include "provider/shape.h"

static const struct provider_setting room_settings[] = { { "choose", "", "x" }, { NULL, NULL, NULL } };

#define ROW(one, shape_of, engine, bits)                                                                                                   \
	static const struct provider one = { .name = "test",                                                                               \
		.title = "Test",                                                                                                           \
		.endpoint = "http://h:1/v2",                                                                                               \
		.caps = CAP_NULL_MX | (bits),                                                                                              \
		.settings = room_settings,                                                                                                 \
		.auth = { .header = "Key" },                                                                                               \
		.step = engine,                                                                                                            \
		.shape = &(shape_of) }

/* What is known of zones is kept by the account, where it has an index. A write is asked for later. */
static inline void begin(struct drive *drive, const struct provider *provider, enum provider_goal goal, const char *owner)
{
	struct zone_index *zones = drive->account.zones;
	struct dname name;

	drive_begin(drive, "digitalocean", goal, owner);
	name = drive->run.owner;
	provider_run_release(&drive->run);
	drive->account.provider = provider;
	drive->account.zones = zones;
	provider_run_init(&drive->run, &drive->account, goal, &name);
	drive->run.now = 1795430400;
	if (goal != GOAL_ZONES && goal != GOAL_VERIFY)
		drive_zone(drive, "example.com", "z1");
	if (goal != GOAL_WRITE)
		drive_ask(drive);
}

static inline void expect_said(struct drive *drive, enum err_code code, const char *expected)
{
	struct str said;

	drive_expect_failed(drive, code);
	str_init(&said, 0);
	err_format(&drive->err, NULL, &said);
	assert_string_equal(said.s, expected);
	str_release(&said);
}

static inline void expect_msg(const struct msg *msg, const char *expected)
{
	struct str said;

	str_init(&said, 0);
	if (msg->id)
		msg_format(msg, NULL, &said);
	assert_string_equal(said.s, expected);
	str_release(&said);
}

static inline void expect_title(const struct drive *drive, const char *expected)
{
	expect_msg(&drive->request.title, expected);
}

#endif
