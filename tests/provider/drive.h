/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives a vendor's steps from bytes: what goes out is looked at, what comes back is written here. */
#ifndef TESTS_PROVIDER_DRIVE_H
#define TESTS_PROVIDER_DRIVE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "provider/provider.h"

#define KEY "k3y-that-nobody-may-see"

struct drive {
	const char *const *settings; /* name, value, ... NULL */
	struct provider_account account;
	struct provider_run run;
	struct request request;
	struct http_response response;
	struct err err;
	enum step step;
};

static inline const char *drive_setting(const struct provider_account *account, const char *name)
{
	const struct drive *drive = account->source;

	for (const char *const *pair = drive->settings; pair && *pair; pair += 2)
		if (!strcmp(*pair, name))
			return pair[1];
	for (const struct provider_setting *s = account->provider->settings; s && s->name; s++)
		if (!strcmp(s->name, name))
			return s->standard;
	return NULL;
}

/* The first request of a goal. */
static inline void drive_begin(struct drive *drive, const char *provider, enum provider_goal goal, const char *owner)
{
	const char *const *settings = drive->settings;
	struct dname name;

	*drive = (struct drive){ .settings = settings };
	assert_non_null(provider_find(provider));
	drive->account = (struct provider_account){ .provider = provider_find(provider),
		.name = "lab",
		.endpoint = "http://h:1/v2",
		.key = KEY,
		.setting = drive_setting,
		.source = drive };
	assert_true(dname_parse(&name, owner, NULL));
	provider_run_init(&drive->run, &drive->account, goal, &name);
	drive->run.now = 1795430400; /* 2026-11-23 */
	request_init(&drive->request);
	http_response_init(&drive->response);
}

/* As the executor does: the credentials go in last. */
static inline void drive_step(struct drive *drive, const struct reply *reply)
{
	drive->step = drive->account.provider->step(&drive->run, reply, &drive->request, &drive->err);
	if (drive->step == STEP_REQUEST && !provider_dress(&drive->run, &drive->request, drive->run.now, &drive->err))
		drive->step = STEP_FAILED;
}

static inline void drive_ask(struct drive *drive)
{
	drive_step(drive, NULL);
}

static inline void drive_zone(struct drive *drive, const char *zone, const char *id)
{
	assert_true(dname_parse(&drive->run.zone, zone, NULL));
	provider_run_set_zone_id(&drive->run, id);
}

static inline void drive_reply(struct drive *drive, int status, const char *body, size_t len)
{
	struct reply reply = { .http = &drive->response, .content = body, .content_len = len, .now = drive->run.now };

	request_release(&drive->request);
	request_init(&drive->request);
	http_response_clear(&drive->response);
	drive->response.status = status;
	if (body)
		str_add_bytes(&drive->response.body, body, len);
	drive_step(drive, &reply);
}

static inline void drive_say(struct drive *drive, int status, const char *body)
{
	drive_reply(drive, status, body, strlen(body));
}

/* What such an answer means. */
static inline void drive_judge(struct drive *drive, int status, const char *body, enum meaning meaning)
{
	struct verdict verdict;

	http_response_clear(&drive->response);
	drive->response.status = status;
	str_add(&drive->response.body, body);
	provider_judge(&drive->account, &(struct reply){ .http = &drive->response }, &verdict);
	if (verdict.meaning != meaning)
		fail_msg("%d %s: %d, not %d", status, body, (int)verdict.meaning, (int)meaning);
}

static inline void drive_expect(const struct drive *drive, const char *method, const char *path)
{
	if (drive->step == STEP_FAILED)
		fail_msg("failed: %s (%s)", drive->err.what.id, drive->err.what.arg[2]);
	assert_int_equal(drive->step, STEP_REQUEST);
	assert_string_equal(drive->request.http.method, method);
	assert_string_equal(drive->request.http.path, path);
	assert_non_null(drive->request.title.id);
}

/* "3600 10 a.example 20 b.example" */
static inline void drive_set(struct mxset *set, const char *text)
{
	char copy[512], *rest = NULL, *word;

	snprintf(copy, sizeof copy, "%s", text);
	while (set->n)
		mxset_remove(set, set->n - 1);
	word = strtok_r(copy, " ", &rest);
	set->ttl_s = (uint32_t)strtoul(word, NULL, 10);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
		struct mx mx;

		mx_set(&mx, (uint32_t)strtoul(word, NULL, 10), strtok_r(NULL, " ", &rest));
		mxset_add(set, &mx);
	}
}

/* Records as a READ would have left them; ids "1", "2" ... */
static inline void drive_have(struct drive *drive, const char *text)
{
	struct mxset set;

	mxset_init(&set);
	drive_set(&set, text);
	provider_set_release(&drive->run.have);
	for (size_t i = 0; i < set.n; i++) {
		struct provider_record *record = provider_set_add(&drive->run.have);

		record->mx = set.mx[i];
		record->ttl_s = set.ttl_s;
		snprintf(record->id, sizeof record->id, "%zu", i + 1);
	}
	mxset_release(&set);
}

static inline void drive_expect_have(const struct drive *drive, const char *text)
{
	struct mxset want, have;

	mxset_init(&want);
	mxset_init(&have);
	drive_set(&want, text);
	provider_set_published(&drive->run.have, &have);
	assert_true(mxset_equal(&want, &have));
	mxset_release(&want);
	mxset_release(&have);
}

static inline void drive_expect_failed(const struct drive *drive, enum err_code code)
{
	struct str said;

	assert_int_equal(drive->step, STEP_FAILED);
	str_init(&said, 0);
	err_format(&drive->err, NULL, &said);
	if (drive->err.code != code)
		fail_msg("%s: code %d, not %d", said.s, (int)drive->err.code, (int)code);
	assert_null(strstr(said.s, KEY));
	str_release(&said);
}

static inline void drive_end(struct drive *drive)
{
	provider_run_release(&drive->run);
	request_release(&drive->request);
	http_response_release(&drive->response);
}

#endif
