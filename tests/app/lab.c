/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/scratch.h"
#include "../core/sets.h"

static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n"
			   "@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\n@ A 192.0.2.9\nns1 A 192.0.2.1\n@ MX 10 mx1\n"
			   "mx1 A 9.9.9.1\nmx2 A 9.9.9.2\nmx3 A 9.9.9.3\nmx4 A 9.9.9.4\n";

static void start_app(struct lab *lab, const char *provider, const char *more)
{
	char config[300], file[300], state[300], text[2000];
	char *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = config, .state_dir = state };
	struct err err = { 0 };

	snprintf(config, sizeof(config), "%s/config", lab->dir);
	snprintf(file, sizeof(file), "%s/zone", lab->dir);
	snprintf(state, sizeof(state), "%s/state", lab->dir);
	if (lab->network)
		options = (struct app_options){ .config = config, .state_dir = state, .timeout_ms = 150 };
	snprintf(text, sizeof(text),
		"[account lab]\nprovider = %s\nendpoint = http://127.0.0.1:%d\nkey_env = LAB_KEY\n%s"
		"\n[dns]\nresolver = 127.0.0.53\nanchor_file = /nowhere\n",
		provider, lab->vendor.port, more);
	assert_true(store_write_file(config, text, strlen(text), 0600, NULL));
	assert_true(store_write_file(file, zone, sizeof(zone) - 1, 0600, NULL));
	if (!app_open(&lab->app, &options, &err))
		fail_msg("%s", err.what.id);
	vendor_serve(&lab->vendor, lab->app.loop);
}

static void open_lab(struct lab *lab, const char *provider, const char *more)
{
	lab->dir = scratch_new(NULL);
	assert_non_null(lab->dir);
	setenv("LAB_KEY", "geheim-geheim", 1);
	setenv("no_proxy", "127.0.0.1", 1);
	assert_true(vendor_open(&lab->vendor));
	plan_init(&lab->plan);
	start_app(lab, provider, more);
}

void lab_open(struct lab *lab, const char *provider, const char *more)
{
	*lab = (struct lab){ .network = false };
	open_lab(lab, provider, more);
}

void lab_open_network(struct lab *lab, const char *provider, const char *more)
{
	*lab = (struct lab){ .network = true };
	open_lab(lab, provider, more);
}

void lab_reopen(struct lab *lab, const char *provider, const char *more)
{
	push_free(lab->run);
	lab->run = NULL;
	loop_cancel(lab->vendor.accept);
	app_close(&lab->app);
	start_app(lab, provider, more);
}

void lab_close(struct lab *lab)
{
	push_free(lab->run);
	plan_release(&lab->plan);
	vendor_close(&lab->vendor);
	app_close(&lab->app);
	scratch_free(lab->dir);
}

void lab_forget(struct lab *lab)
{
	char path[300];

	push_free(lab->run);
	lab->run = NULL;
	snprintf(path, sizeof(path), "%s/state/journal/exempel.com.ndjson", lab->dir);
	remove(path);
	lab->vendor.reads = lab->vendor.writes = lab->vendor.stale = 0;
	lab->vendor.serial = 2026112501;
	lab->vendor.log[0] = '\0';
	lab->vendor.hook = NULL;
	lab->changes = 0;
}

void lab_plan(struct lab *lab, const char *base, const char *want)
{
	vendor_hold(&lab->vendor, base);
	plan_release(&lab->plan);
	plan_init(&lab->plan);
	assert_true(dname_parse(&lab->plan.domain, "exempel.com", NULL));
	assert_true(dname_parse(&lab->plan.zone, "exempel.com", NULL));
	free(lab->plan.account);
	free(lab->plan.provider);
	lab->plan.account = strdup("lab");
	lab->plan.provider = strdup(config_get(&lab->app.config, "account", "lab", "provider"));
	set_from(&lab->plan.base, base);
	set_from(&lab->plan.want, want);
	plan_seal(&lab->plan);
	assert_true(push_approve(&lab->app, &lab->plan, &(struct approver){ .by = "anna", .note = "looked at" }, NULL));
}

static void moved(void *data)
{
	struct lab *lab = data;

	lab->changes++;
	if (lab->moved && lab->run)
		lab->moved(lab);
}

const struct push *lab_start(struct lab *lab, const struct push_options *options)
{
	static const struct push_options plain = { .no_watch = true };
	struct err err = { 0 };

	push_free(lab->run);
	lab->run = push_start(&lab->app, &lab->plan, options ? options : &plain, (struct push_then){ .changed = moved, .data = lab }, &err);
	if (!lab->run)
		fail_msg("%s", lab_text(&err.what));
	return push_look(lab->run);
}

const struct push *lab_push(struct lab *lab, const struct push_options *options)
{
	const struct push *push = lab_start(lab, options);

	push_wait(&lab->app, lab->run);
	assert_true(push->done);
	return push;
}

void lab_resume(struct lab *lab, const struct push_options *options)
{
	struct push_options with = *options;
	struct history history = { 0 };
	const struct past_push *past;

	assert_true(history_read(&lab->app, &lab->plan.domain, &history, NULL));
	past = history_unfinished(&history);
	assert_non_null(past);
	plan_copy(&lab->plan, &past->plan);
	with.resume = with.no_watch = true;
	with.resume_id = past->id;
	lab_push(lab, &with);
	history_release(&history);
}

void lab_expect(const struct push *push, enum push_state state, enum err_code code)
{
	if (push->state != state || push->err.code != code)
		fail_msg("state %d, not %d; error %d, not %d: %s", push->state, state, push->err.code, code, lab_text(&push->err.what));
}

void lab_expect_held(struct lab *lab, const char *text)
{
	char held[512];

	assert_string_equal(vendor_held(&lab->vendor, held), text);
}

void lab_expect_journal(struct lab *lab, const char *expected)
{
	json_t *events = store_journal_read(lab->app.store, &lab->plan.domain, NULL), *event;
	struct str text;
	size_t i;

	str_init(&text, 0);
	json_array_foreach(events, i, event)
	{
		const char *what = json_string_value(json_object_get(event, "event"));
		const char *fate = json_string_value(json_object_get(event, "fate"));

		str_add(&text, what);
		if (json_object_get(event, "step"))
			str_addf(&text, " %d", (int)json_integer_value(json_object_get(event, "step")));
		if (json_is_true(json_object_get(event, "writes")))
			str_add(&text, " writes");
		if (json_is_true(json_object_get(event, "commit")))
			str_add(&text, " commit");
		if (json_is_array(json_object_get(event, "held")))
			str_addf(&text, " held %zu", json_array_size(json_object_get(event, "held")));
		if (fate)
			str_addf(&text, " %s %d", fate, (int)json_integer_value(json_object_get(event, "http")));
		if (!strcmp(what, "end"))
			str_addf(&text, " %s", json_string_value(json_object_get(event, "state")));
		if (json_is_true(json_object_get(event, "undo")))
			str_add(&text, " undo");
		if (json_is_string(json_object_get(event, "abandon")))
			str_addf(&text, " abandon %s", json_string_value(json_object_get(event, "abandon")));
		if (json_is_string(json_object_get(event, "reason")))
			str_addf(&text, " reason %s", json_string_value(json_object_get(event, "reason")));
		str_add(&text, "\n");
	}
	assert_string_equal(text.s, expected);
	str_release(&text);
	json_decref(events);
}

/* ---- faults ---- */

static void change_too(struct vendor *vendor, const struct lab_fault *fault)
{
	if (fault->adds)
		vendor_add(vendor, 50, fault->adds, 3600);
	if (fault->removes && !strcmp(fault->removes, "*"))
		memset(&vendor->record[1], 0, sizeof(vendor->record) - sizeof(*vendor->record));
	else if (fault->removes)
		vendor_remove(vendor, fault->removes);
}

void lab_spoil(struct vendor *vendor, struct vendor_call *call)
{
	const struct lab_fault *fault = vendor->data;

	if (!call->writes || call->n < fault->at || call->n > (fault->until ? fault->until : fault->at))
		return;
	call->lost = fault->lost;
	call->drop = fault->drop;
	call->http = fault->http;
	call->stale = fault->stale;
	call->text = fault->text;
	call->header = fault->header;
	change_too(vendor, fault);
	if (fault->other) {
		unsigned serial = vendor->serial;

		vendor_hold(vendor, fault->other);
		vendor->serial = serial + 1;
		call->lost = true;
	}
}

const struct push *lab_push_spoilt(struct lab *lab, const struct lab_fault *fault)
{
	struct lab_fault copy = *fault;
	const struct push *push;

	lab->vendor.hook = lab_spoil;
	lab->vendor.data = &copy;
	push = lab_push(lab, NULL);
	lab->vendor.hook = NULL;
	return push;
}

const char *lab_text(const struct msg *msg)
{
	static char text[1000];
	struct str words;

	str_init(&words, 0);
	if (msg->id)
		msg_format(msg, NULL, &words);
	snprintf(text, sizeof(text), "%s", words.s ? words.s : "");
	str_release(&words);
	return text;
}

int lab_setup(void **state, const char *provider, const char *more)
{
	struct lab *lab = calloc(1, sizeof(*lab));

	lab_open(lab, provider, more);
	*state = lab;
	return 0;
}

int lab_teardown(void **state)
{
	lab_close(*state);
	free(*state);
	return 0;
}
