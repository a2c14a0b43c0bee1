/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "app/account_key.h"
#include "provider/shape.h"
#include "io/lock.h"
#include "base/banned.h"

#define SERVER_HELD_MS 5000
#define ZONES_OLD_S 600 /* a zone that was made meanwhile is found again after that */

static void give_turns(struct account *account);

/* What tells an account from another of its name. The account outlives the configuration that it was made of, so it has a text of its own.
 */
static char *settings_of(const struct provider_account *wanted)
{
	struct str text;

	if (!wanted->endpoint)
		return NULL;
	str_init(&text, 0);
	str_add(&text, wanted->endpoint);
	for (const struct provider_setting *s = wanted->provider->settings; s && s->name; s++)
		str_addf(&text, "\n%s = %s", s->name, provider_setting(wanted, s->name));
	return str_take(&text);
}

/* Where either has no address, the name alone counts. */
static bool is_wanted(const struct account *account, const struct provider_account *wanted, const char *own)
{
	return !strcmp(account->name, wanted->name) && account->provider == wanted->provider &&
	       (!own || !account->settings || !strcmp(account->settings, own));
}

/* The configuration was read again: the account may have been taken out and made anew, with another key. */
static void forget(struct account *account)
{
	const struct shape *shape = account->provider->shape;

	account_key_forget(account);
	account->logged_in = false;
	account->zones_old = account->inside && shape && shape->zone_list.path;
	if (!account->zones_old)
		zone_index_release(&account->zones);
}

static void drop_old_zones(struct account *account)
{
	if (account->zones_old)
		zone_index_release(&account->zones);
	account->zones_old = false;
}

struct account *account_of(struct app *app, const struct provider_account *wanted)
{
	struct account *account = app->accounts;
	char *own = settings_of(wanted);

	while (account && !is_wanted(account, wanted, own))
		account = account->next;
	if (!account) {
		account = mem_alloc(sizeof *account);
		*account = (struct account){ .name = mem_text(wanted->name),
			.loop = app->loop,
			.provider = wanted->provider,
			.settings = own,
			.read_again = app->read_again,
			.next = app->accounts };
		app->accounts = account;
	} else {
		free(own);
	}
	if (account->read_again != app->read_again)
		forget(account);
	account->read_again = app->read_again;
	if (!account->inside)
		drop_old_zones(account);
	if (!account->zones.n && !account->zones.whole)
		account->zones.since = loop_now();
	else if (loop_now() - account->zones.since > ZONES_OLD_S && !account->inside)
		zone_index_release(&account->zones);
	return account;
}

/* The zone's id where it is more than the zone's name with or without a final dot, or NULL. */
static const char *own_id(const struct zone_entry *entry)
{
	size_t len = strlen(entry->name);

	if (!*entry->id || (!strncmp(entry->id, entry->name, len) && (!strcmp(entry->id + len, ".") || !entry->id[len])))
		return NULL;
	return entry->id;
}

bool account_zone(struct account *account, size_t *at, struct account_zone *zone)
{
	struct zone_index *index = &account->zones;

	zone_index_sort(index);
	while (*at < index->n && index->entry[*at].none)
		++*at;
	if (*at >= index->n)
		return false;
	*zone = (struct account_zone){ .name = index->entry[*at].name,
		.id = own_id(&index->entry[*at]),
		.note = index->entry[*at].note,
		.secondary = index->entry[*at].copy };
	++*at;
	return true;
}

static const struct account *find(const struct app *app, const char *name)
{
	const struct account *account = app->accounts;

	while (account && strcmp(account->name, name) != 0)
		account = account->next;
	return account;
}

const struct pace_told *account_told(const struct app *app, const char *name)
{
	const struct account *account = find(app, name);

	return account && account->told.at ? &account->told : NULL;
}

bool account_use(const struct app *app, const char *name, size_t i, struct account_use *use)
{
	const struct account *account = find(app, name);
	const struct provider_pace *rule;

	for (rule = account ? account->provider->pace : NULL; rule && rule->most; rule++)
		if (!rule->zone && i-- == 0) {
			*use = (struct account_use){ pace_used(&account->pace, rule, loop_ms()), rule->most, rule->within_s, rule->writes };
			return true;
		}
	return false;
}

void accounts_release(struct app *app)
{
	while (app->accounts) {
		struct account *account = app->accounts;

		app->accounts = account->next;
		loop_cancel(account->timer);
		secret_cancel(account->fetching);
		account_key_forget(account);
		provider_login_release(&account->login);
		zone_index_release(&account->zones);
		pace_release(&account->pace);
		free(account->name);
		free(account->settings);
		free(account);
	}
}

/* ---- queues ---- */

static void append(struct turn **queue, struct turn *turn)
{
	while (*queue)
		queue = &(*queue)->next;
	turn->next = NULL;
	*queue = turn;
}

static void take_out(struct turn **queue, const struct turn *turn)
{
	for (; *queue; queue = &(*queue)->next)
		if (*queue == turn) {
			*queue = turn->next;
			return;
		}
}

static void deliver(void *data)
{
	struct turn *turn = data;

	turn->delivery = NULL;
	if (turn->alone)
		drop_old_zones(turn->account);
	turn->fn(turn->data);
}

static void give(struct account *account, struct turn *turn)
{
	turn->has = true;
	turn->delivery = loop_after(account->loop, 0, deliver, turn);
}

/* ---- requests ---- */

static void time_is_up(void *data)
{
	struct account *account = data;

	account->timer = NULL;
	give_turns(account);
}

static struct pace_time time_of(const struct turn *turn)
{
	return (struct pace_time){ loop_ms(), turn->zone, turn->writes };
}

uint64_t account_wait_ms(const struct account *account, const struct turn *turn)
{
	struct pace_time time = time_of(turn);
	uint64_t wait = pace_wait_ms(&account->pace, account->provider->pace, &time);
	uint64_t blocked = account->blocked_until_ms > time.at_ms ? account->blocked_until_ms - time.at_ms : 0;

	return wait > blocked ? wait : blocked;
}

static unsigned most(const struct account *account)
{
	return account->provider->in_flight ? account->provider->in_flight : 1;
}

static void give_turns(struct account *account)
{
	while (account->waiting && account->in_flight < most(account)) {
		struct turn *turn = account->waiting;
		struct pace_time time = time_of(turn);
		uint64_t wait = account_wait_ms(account, turn);

		if (wait) {
			if (!account->timer)
				account->timer = loop_after(account->loop, wait, time_is_up, account);
			return;
		}
		account->waiting = turn->next;
		account->in_flight++;
		pace_note(&account->pace, account->provider->pace, &time);
		give(account, turn);
	}
}

void turn_to_send(struct account *account, struct turn *turn)
{
	turn->account = account;
	turn->alone = turn->push = turn->has = turn->writing = false;
	append(&account->waiting, turn);
	give_turns(account);
}

static void let_write(struct account *account)
{
	bool one = account->provider->caps & CAP_SERIAL_WRITES;

	while (account->writers && !(one && account->writing)) {
		struct turn *turn = account->writers;

		account->writers = turn->next;
		account->writing++;
		turn->writing = true;
		give(account, turn);
	}
}

void turn_to_write(struct turn *turn)
{
	append(&turn->account->writers, turn);
	let_write(turn->account);
}

/* ---- pushes ---- */

static void let_push(struct account *account)
{
	while (account->pushes && account->pushing < most(account)) {
		struct turn *turn = account->pushes;

		account->pushes = turn->next;
		account->pushing++;
		give(account, turn);
	}
}

void turn_to_push(struct account *account, struct turn *turn)
{
	turn->account = account;
	turn->push = true;
	turn->alone = turn->has = turn->writing = false;
	append(&account->pushes, turn);
	let_push(account);
}

bool account_take_server(struct account *account, const char *path, struct err *err)
{
	if (!account->server_users) {
		account->server = lock_take(path, err);
		account->server_since_ms = loop_ms();
	} else if (loop_ms() - account->server_since_ms > SERVER_HELD_MS) {
		return false; /* first those who are in leave, so that other programs come in */
	}
	if (account->server < 0)
		return false;
	account->server_users++;
	return true;
}

void account_leave_server(struct account *account)
{
	if (--account->server_users == 0)
		lock_release(account->server);
}

bool account_take_zone(struct account *account, struct zone_turn *turn)
{
	for (const struct zone_turn *other = account->zones_taken; other && !turn->has; other = other->next)
		if (dname_equal(other->zone, turn->zone))
			return false;
	if (!turn->has) {
		turn->next = account->zones_taken;
		account->zones_taken = turn;
		turn->has = true;
	}
	return true;
}

void account_leave_zone(struct account *account, struct zone_turn *turn)
{
	struct zone_turn **at = &account->zones_taken;

	if (!turn->has)
		return;
	while (*at != turn)
		at = &(*at)->next;
	*at = turn->next;
	turn->has = false;
}

void account_block(struct account *account, uint64_t until_ms)
{
	if (until_ms > account->blocked_until_ms)
		account->blocked_until_ms = until_ms;
}

/* ---- what is done once ---- */

static void let_in(struct account *account)
{
	struct turn *turn = account->outside;

	if (account->inside || !turn)
		return;
	account->outside = turn->next;
	account->inside = turn;
	give(account, turn);
}

void turn_alone(struct account *account, struct turn *turn)
{
	turn->account = account;
	turn->alone = true;
	turn->push = turn->has = false;
	append(&account->outside, turn);
	let_in(account);
}

void turn_end(struct turn *turn)
{
	struct account *account = turn->account;

	if (!account)
		return;
	loop_cancel(turn->delivery);
	turn->delivery = NULL;
	turn->account = NULL;
	if (!turn->has) {
		take_out(turn->alone ? &account->outside : turn->push ? &account->pushes : &account->waiting, turn);
	} else if (turn->alone) {
		account->inside = NULL;
		let_in(account);
	} else if (turn->push) {
		account->pushing--;
		let_push(account);
	} else {
		account->in_flight--;
		account->writing -= turn->writing;
		take_out(&account->writers, turn);
		let_write(account);
		give_turns(account);
	}
}

bool account_domain(const struct config *config, const char *account, struct dname *domain)
{
	for (size_t i = 0; i < config->n; i++) {
		const char *name;

		if (strcmp(config->section[i].kind, "domain") != 0 || !dname_parse(domain, config->section[i].name, NULL))
			continue;
		name = config_domain_get(config, domain, "account");
		if (name && !strcmp(name, account))
			return true;
	}
	return false;
}
