/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all runs of an account share: one login, the vendor's clock, and turns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "drive.h"
#include "app/account_key.h"
#include "io/config.h"
#include "io/lock.h"
#include "provider/shape.h"

static void settle(struct scene *scene)
{
	loop_after(scene->lab.app.loop, 5, (loop_fn)loop_stop, scene->lab.app.loop);
	loop_run(scene->lab.app.loop);
}

/* ---- logins ---- */

static void login__is_made__once_for_all_runs(void **state)
{
	struct scene *scene = *state;
	struct exec *one, *two;

	scene->provider.login = drive_login;
	scene->provider.in_flight = 2;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	one = drive_start(scene, false);
	two = drive_start(scene, false);
	while (scene->done < 2)
		loop_run(scene->lab.app.loop);
	assert_int_equal(scene->logins, 1);
	assert_string_equal(scene->log, "/login /a /a ");
	exec_free(one);
	exec_free(two);
	/* refused once: it is made anew, and the request sent again; refused twice: told */
	drive_forget(scene);
	scene->answer[0].http = 401;
	drive_one(scene, false);
	assert_string_equal(scene->log, "/login /a /login /a ");
	assert_int_equal(scene->err.code, ERR_NONE);
	drive_forget(scene);
	scene->answer[1].http = 401;
	drive_one(scene, false);
	assert_string_equal(scene->log, "/login /a /login /a ");
	assert_int_equal(scene->err.code, ERR_AUTH);
}

static enum step tells_token(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct scene *scene = (struct scene *)(uintptr_t)run->account->source;
	size_t len = strlen(scene->log);

	(void)reply, (void)request, (void)err;
	snprintf(scene->log + len, sizeof(scene->log) - len, "%s ", run->account->login->token ? run->account->login->token : "no-token");
	return STEP_DONE;
}

static void login__is_made__before_the_first_step(void **state)
{
	struct scene *scene = *state;

	scene->provider.login = drive_login;
	scene->provider.step = tells_token;
	drive_one(scene, false);
	assert_string_equal(scene->log, "/login token-1 ");
}

static void login__is_made_anew__before_its_token_ends(void **state)
{
	static const struct {
		int64_t token_s;
		const char *log;
	} rows[] = { { 0, "/login /a /b " }, { 3600, "/login /a /b " }, { 61, "/login /a /b " } };
	struct scene *scene = *state;

	scene->provider.login = drive_login;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ .method = "GET", .path = "/b" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		drive_forget(scene);
		scene->token_s = rows[i].token_s;
		drive_one(scene, false);
		if (rows[i].token_s != 61) /* within a second it may have become 60 */
			assert_string_equal(scene->log, rows[i].log);
	}
	drive_forget(scene);
	scene->token_s = 120;
	drive_one(scene, false);
	account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "lab" })->login.until -= 61;
	scene->log[0] = '\0';
	drive_one(scene, false);
	assert_string_equal(scene->log, "/login /a /b ");
}

/* When a token ends is told by the vendor's clock. */
static void token__ends__by_the_vendors_clock(void **state)
{
	static const struct {
		int64_t offset_s, until_s;
		const char *log;
	} rows[] = {
		{ 1000, 1060, "/login /a " },
		{ 1000, 1061, "/a " },
		{ -1000, -939, "/a " },
		{ -1000, -940, "/login /a " },
		{ 0, 60, "/login /a " },
		{ 0, 61, "/a " },
	};
	struct scene *scene = *state;
	const struct provider_account account = { .provider = &scene->provider, .name = "lab" };

	scene->provider.login = drive_login;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t now;

		do { /* within one second */
			struct account *shared;

			drive_forget(scene);
			now = loop_now();
			shared = account_of(&scene->lab.app, &account);
			shared->logged_in = true;
			shared->login_of = (const struct config_section *)scene; /* as drive_start() says */
			shared->login.clock_offset_s = rows[i].offset_s;
			shared->login.until = now + rows[i].until_s;
			drive_one(scene, false);
		} while (loop_now() != now);
		assert_string_equal(scene->log, rows[i].log);
		if (strstr(rows[i].log, "login"))
			assert_int_equal(scene->login_off_s, rows[i].offset_s);
	}
}

static void login__that_is_refused__ends_the_run(void **state)
{
	struct scene *scene = *state;

	scene->provider.login = drive_login;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->login_http = 401;
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_AUTH);
	assert_string_equal(scene->log, "/login ");
	assert_int_equal(scene->logins, 0);
	/* the next tries again, and it gave its turn back */
	scene->login_http = 0;
	scene->log[0] = '\0';
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/login /a ");
}

static struct account *lab_account(struct scene *scene)
{
	return account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "lab" });
}

/* A token has ended, and the login is refused: that is no token's fault, and nothing is tried once more. */
static void login__that_is_refused__is_not_made_again(void **state)
{
	struct scene *scene = *state;

	scene->provider.login = drive_login;
	scene->token_s = 120;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	lab_account(scene)->login.until -= 61;
	scene->login_http = 401;
	scene->log[0] = '\0';
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_AUTH);
	assert_string_equal(scene->log, "/login ");
}

/* While the first /a was under way with its token, another run has logged in anew; or two are, and both tokens have ended. */
static void token_ended(struct vendor *vendor, struct vendor_call *call)
{
	struct scene *scene = vendor->data;
	size_t len = strlen(scene->log), ended = scene->provider.in_flight == 2 ? 2 : 1;

	snprintf(scene->log + len, sizeof(scene->log) - len, "%s ", call->path);
	call->lost = true;
	call->text = "{}";
	call->http = 200;
	if (!strcmp(call->path, "/login") || scene->requests++ >= ended)
		return;
	lab_account(scene)->logins += ended == 1;
	call->http = 401;
}

static void request__that_an_old_token_spoiled__takes_the_new_one(void **state)
{
	struct scene *scene = *state;

	scene->provider.login = drive_login;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->lab.vendor.hook = token_ended;
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/login /a /a ");
	assert_int_equal(lab_account(scene)->logins, 2); /* its own, and the other's */
}

static void token__that_ends_under_two_runs__is_renewed_for_both(void **state)
{
	struct scene *scene = *state;
	struct exec *one, *two;

	scene->provider.login = drive_login;
	scene->provider.in_flight = 2;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->lab.vendor.hook = token_ended;
	one = drive_start(scene, false);
	two = drive_start(scene, false);
	while (scene->done < 2)
		loop_run(scene->lab.app.loop);
	assert_string_equal(scene->log, "/login /a /a /login /a /a ");
	assert_int_equal(scene->err.code, ERR_NONE);
	exec_free(one);
	exec_free(two);
}

/* Who lists the zones is alone already, and logs in at once. */
static void login__is_made__while_the_zones_are_listed(void **state)
{
	static const struct shape lists = { .zone_list = { .path = "/zones" } };
	struct scene *scene = *state;

	scene->provider.login = drive_login;
	scene->provider.shape = &lists;
	scene->reads = true;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/login /a /a "); /* the zones, then what is held */
	drive_one(scene, false);
	assert_string_equal(scene->log, "/login /a /a /a /a ");
	assert_int_equal(scene->logins, 1);
}

static void account__is_one__for_a_name_and_vendor(void **state)
{
	struct scene *scene = *state;
	const struct provider other = { .name = "other", .title = "Other" };
	struct account *lab = account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "lab" });
	struct account *two = account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "two" });
	struct account *three = account_of(&scene->lab.app, &(struct provider_account){ .provider = &other, .name = "lab" });

	assert_true(lab != two && lab != three && two != three);
	assert_string_equal(two->name, "two");
	assert_ptr_equal(three->provider, &other);
	assert_ptr_equal(account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "lab" }), lab);
	assert_ptr_equal(account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "two" }), two);
	assert_ptr_equal(account_of(&scene->lab.app, &(struct provider_account){ .provider = &other, .name = "lab" }), three);
	accounts_release(&scene->lab.app);
}

/* A zone that was made meanwhile is found again, but not in the middle of a run. */
static void zones__are_forgotten__after_ten_minutes(void **state)
{
	struct scene *scene = *state;
	const struct provider_account wanted = { .provider = &scene->provider, .name = "lab" };
	struct account *account = account_of(&scene->lab.app, &wanted);
	struct turn inside = { .has = true };
	int64_t now;
	bool kept;

	do {
		now = loop_now();
		account->zones.whole = true;
		account->zones.since = now - 600;
		kept = account_of(&scene->lab.app, &wanted)->zones.whole;
	} while (loop_now() != now);
	assert_true(kept);
	account->zones.since = loop_now() - 601;
	account->inside = &inside;
	assert_true(account_of(&scene->lab.app, &wanted)->zones.whole);
	account->inside = NULL;
	assert_false(account_of(&scene->lab.app, &wanted)->zones.whole);
	account_of(&scene->lab.app, &wanted);
	assert_true(loop_now() - account->zones.since <= 1);
}

static void date_header(char out[64], int64_t at)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t when = (time_t)at;
	struct tm tm;

	gmtime_r(&when, &tm);
	snprintf(out, 64, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[at / 86400 % 7], tm.tm_mday % 32, months[tm.tm_mon % 12],
		(tm.tm_year + 1900) % 10000, tm.tm_hour % 24, tm.tm_min % 60, tm.tm_sec % 61);
}

/* A clock that is off by a minute may be why; by less it is not. */
static void signature__is_made_again__where_the_clocks_differ(void **state)
{
	static const struct {
		int64_t off_s;
		unsigned requests;
	} rows[] = { { 60, 2 }, { 59, 1 }, { 0, 1 }, { -59, 1 }, { -60, 2 } };
	struct scene *scene = *state;
	char header[64];

	scene->provider.sign = drive_sign;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t now;

		do {
			drive_forget(scene);
			now = loop_now();
			date_header(header, now + rows[i].off_s);
			scene->answer[0] = (struct answer_of){ .http = 403, .header = header };
			drive_one(scene, false);
		} while (loop_now() != now);
		assert_int_equal(scene->requests, rows[i].requests);
		assert_int_equal(scene->err.code, rows[i].requests == 2 ? ERR_NONE : ERR_AUTH);
	}
}

/* A signature that is refused while the vendor's clock is another: once more by its clock. */
static void signature__follows__the_vendors_clock(void **state)
{
	struct scene *scene = *state;

	scene->provider.sign = drive_sign;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->answer[0] = (struct answer_of){ .http = 403, .header = "Date: Fri, 31 Dec 2100 23:59:59 GMT\r\n" };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_int_equal(scene->requests, 2);
	assert_int_equal(strncmp(scene->log, "signed+0 /a signed+", 19), 0);
	assert_null(strstr(scene->log + 10, "signed+0 "));
	/* by its clock, and refused all the same: the clock is not why */
	scene->requests = 0;
	scene->log[0] = '\0';
	scene->answer[0] = (struct answer_of){ .http = 403, .header = "Date: Fri, 31 Dec 2100 23:59:59 GMT\r\n" };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_AUTH);
	assert_int_equal(scene->requests, 1);
	/* a dry run shows what would leave, by that clock too */
	scene->log[0] = '\0';
	scene->ask[0].writes = true;
	drive_one(scene, true);
	assert_int_equal(strncmp(scene->log, "signed+", 7), 0);
	assert_true(strtoll(scene->log + 7, NULL, 10) > 86400);
	scene->ask[0].writes = false;
	/* a clock that is right: nothing to renew */
	drive_forget(scene);
	scene->answer[0].header = NULL;
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_AUTH);
	assert_int_equal(scene->requests, 1);
}

/* ---- turns ---- */

static void pace__is_kept__by_all_runs(void **state)
{
	static const struct provider_pace pace[] = { { .most = 2, .within_s = 1 }, { .most = 0 } };
	struct scene *scene = *state;
	uint64_t begun = loop_ms();

	scene->provider.pace = pace;
	for (size_t i = 0; i < 3; i++)
		scene->ask[i] = (struct ask){ .method = "GET", .path = "/a" };
	drive_one(scene, false);
	assert_int_equal(scene->requests, 3);
	assert_true(loop_ms() - begun >= 900);
}

struct waiting {
	struct turn turn;
	unsigned *order, at;
};

static void got_turn(void *data)
{
	struct waiting *waiting = data;

	waiting->at = ++*waiting->order;
}

static void turns__come__in_order_and_no_more_than_are_allowed(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared = account_of(&scene->lab.app, &account);
	unsigned order = 0;
	struct waiting w[4] = { { .order = &order }, { .order = &order }, { .order = &order }, { .order = &order } };

	assert_ptr_equal(account_of(&scene->lab.app, &account), shared);
	for (size_t i = 0; i < 4; i++) {
		w[i].turn.fn = got_turn;
		w[i].turn.data = &w[i];
	}
	for (int alone = 0; alone < 2; alone++) {
		order = 0;
		for (size_t i = 0; i < 4; i++) {
			w[i].at = 0;
			(alone ? turn_alone : turn_to_send)(shared, &w[i].turn);
		}
		settle(scene);
		assert_int_equal(order, 1);
		turn_end(&w[1].turn); /* it still waited: it is out */
		turn_end(&w[1].turn);
		turn_end(&w[0].turn);
		settle(scene);
		assert_int_equal(order, 2);
		assert_int_equal(w[1].at, 0);
		assert_int_equal(w[2].at, 2);
		turn_end(&w[2].turn);
		turn_end(&w[3].turn); /* given, not yet told */
		settle(scene);
		assert_int_equal(order, 2);
		assert_int_equal(shared->in_flight, 0);
		assert_null(shared->inside);
		assert_null(shared->waiting);
		assert_null(shared->outside);
	}
	scene->provider.in_flight = 3;
	order = 0;
	for (size_t i = 0; i < 4; i++)
		turn_to_send(shared, &w[i].turn);
	settle(scene);
	assert_int_equal(order, 3);
	assert_int_equal(shared->in_flight, 3);
	for (size_t i = 0; i < 4; i++)
		turn_end(&w[i].turn);
}

/* Each with its turn to send, which a read needs no more than; only where the server asks for it. */
static void writes__go__one_after_the_other(void **state)
{
	static const bool writes[4] = { true, true, false, true };
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared;
	struct waiting w[4];
	unsigned order;

	scene->provider.in_flight = 4;
	for (int serial = 0; serial < 2; serial++) {
		scene->provider.caps = serial ? CAP_SERIAL_WRITES : 0;
		shared = account_of(&scene->lab.app, &account);
		order = 0;
		for (size_t i = 0; i < 4; i++) {
			w[i] = (struct waiting){ .order = &order };
			w[i].turn.fn = got_turn;
			w[i].turn.data = &w[i];
			w[i].turn.writes = writes[i];
			turn_to_send(shared, &w[i].turn);
		}
		settle(scene);
		assert_int_equal(order, 4);
		assert_int_equal(shared->writing, 0);
		for (size_t i = 0; i < 4; i++)
			if (writes[i])
				turn_to_write(&w[i].turn);
		settle(scene);
		assert_int_equal(order, serial ? 5 : 7);
		assert_true(!serial || w[0].at == 5);
		assert_int_equal(shared->writing, serial ? 1 : 3);
		turn_end(&w[1].turn); /* it still waited to write: it is out */
		settle(scene);
		assert_int_equal(order, serial ? 5 : 7);
		assert_int_equal(shared->writing, serial ? 1 : 2);
		turn_end(&w[0].turn);
		settle(scene);
		assert_int_equal(order, serial ? 6 : 7);
		assert_true(!serial || w[3].at == 6);
		assert_int_equal(shared->writing, 1);
		for (size_t i = 2; i < 4; i++)
			turn_end(&w[i].turn);
		settle(scene);
		assert_null(shared->writers);
		assert_int_equal(shared->writing, 0);
		assert_int_equal(shared->in_flight, 0);
	}
}

static void server__is_held__until_the_last_leaves(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared = account_of(&scene->lab.app, &account);
	char *path = lock_server_path(store_directory(scene->lab.app.store), "x");
	struct err err = { 0 };
	uint64_t now;
	int other;

	store_unlock(store_lock(scene->lab.app.store, &(struct dname){ 0 }, NULL)); /* makes the room */
	assert_true(account_take_server(shared, path, &err));
	assert_true(account_take_server(shared, path, &err));
	assert_int_equal(lock_take(path, &err), LOCK_BUSY);
	account_leave_server(shared);
	assert_int_equal(lock_take(path, &err), LOCK_BUSY);
	/* who has it for long lets nobody more in */
	do { /* within a millisecond */
		now = loop_ms();
		shared->server_since_ms = now - 5000;
		assert_true(account_take_server(shared, path, &err) || loop_ms() != now);
		while (shared->server_users > 1)
			account_leave_server(shared);
	} while (loop_ms() != now);
	shared->server_since_ms = loop_ms() - 5001;
	assert_false(account_take_server(shared, path, &err));
	assert_int_equal(err.code, ERR_NONE);
	account_leave_server(shared);
	other = lock_take(path, &err);
	assert_true(other >= 0);
	assert_false(account_take_server(shared, path, &err));
	assert_int_equal(err.code, ERR_NONE);
	assert_int_equal(shared->server_users, 0);
	lock_release(other);
	assert_true(account_take_server(shared, path, &err));
	account_leave_server(shared);
	assert_false(account_take_server(shared, "/nonexistent/x", &err));
	assert_int_equal(err.code, ERR_FILE);
	free(path);
}

static void account_zone__gives__what_tells_zones_apart(void **state)
{
	static const struct zone_entry zones[] = {
		{ .name = (char *)(uintptr_t) "c.example", .id = (char *)(uintptr_t) "c.example." },
		{ .name = (char *)(uintptr_t) "b.example", .none = true },
		{ .name = (char *)(uintptr_t) "a.example", .id = (char *)(uintptr_t) "7", .note = (char *)(uintptr_t) "old" },
		{ .name = (char *)(uintptr_t) "d.example", .id = (char *)(uintptr_t) "d.example", .copy = true },
		{ .name = (char *)(uintptr_t) "e.example", .id = (char *)(uintptr_t) "e.example.net" },
		{ .name = (char *)(uintptr_t) "f.example", .none = true },
	};
	static const struct account_zone expected[] = {
		{ "a.example", "7", "old", false },
		{ "c.example", NULL, NULL, false },
		{ "d.example", NULL, NULL, true },
		{ "e.example", "e.example.net", NULL, false },
	};
	struct account account = { 0 };
	struct account_zone zone;
	size_t at = 0;

	(void)state;
	assert_false(account_zone(&account, &at, &zone));
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
		zone_index_add(&account.zones, &zones[i]);
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		assert_true(account_zone(&account, &at, &zone));
		assert_string_equal(zone.name, expected[i].name);
		assert_string_equal(zone.id ? zone.id : "none", expected[i].id ? expected[i].id : "none");
		assert_string_equal(zone.note ? zone.note : "none", expected[i].note ? expected[i].note : "none");
		assert_int_equal(zone.secondary, expected[i].secondary);
	}
	assert_false(account_zone(&account, &at, &zone));
	zone_index_release(&account.zones);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, drive_setup, drive_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(account_zone__gives__what_tells_zones_apart),
		TEST(login__is_made__once_for_all_runs),
		TEST(login__is_made__before_the_first_step),
		TEST(login__is_made_anew__before_its_token_ends),
		TEST(token__ends__by_the_vendors_clock),
		TEST(login__that_is_refused__ends_the_run),
		TEST(login__that_is_refused__is_not_made_again),
		TEST(request__that_an_old_token_spoiled__takes_the_new_one),
		TEST(token__that_ends_under_two_runs__is_renewed_for_both),
		TEST(login__is_made__while_the_zones_are_listed),
		TEST(account__is_one__for_a_name_and_vendor),
		TEST(zones__are_forgotten__after_ten_minutes),
		TEST(signature__is_made_again__where_the_clocks_differ),
		TEST(signature__follows__the_vendors_clock),
		TEST(pace__is_kept__by_all_runs),
		TEST(turns__come__in_order_and_no_more_than_are_allowed),
		TEST(writes__go__one_after_the_other),
		TEST(server__is_held__until_the_last_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
