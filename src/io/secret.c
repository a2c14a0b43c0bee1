/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "io/child.h"
#include "io/store.h"
#include "base/banned.h"

#define KEY_MAX 16384
#define BLANK " \t\r\n"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define COMMAND_TIMEOUT_MS 60000

struct secret {
	struct loop *loop;
	secret_fn fn;
	void *data;
	const char *account;
	struct child *child;
	struct loop_handle *delivery;
	struct str key;
	struct err err;
};

static void release(struct secret *secret)
{
	child_cancel(secret->child);
	loop_cancel(secret->delivery);
	mem_wipe(secret->key.s, secret->key.len);
	str_release(&secret->key);
	free(secret);
}

void secret_cancel(struct secret *secret)
{
	if (secret)
		release(secret);
}

/* Without blanks and line ends at either end; those inside stay. */
static void tidy(struct secret *secret)
{
	char *s = secret->key.s;
	size_t from = strspn(s, BLANK), len = strlen(s + from);

	while (len && strchr(BLANK, s[from + len - 1]))
		len--;
	memmove(s, s + from, len);
	mem_wipe(s + len, secret->key.len - len);
	if (secret->err.code == ERR_NONE && secret->key.overflow)
		err_set(&secret->err, ERR_AUTH, N_("the key of account %s is longer than %d bytes"), secret->account, KEY_MAX);
	else if (secret->err.code == ERR_NONE && !len)
		err_set(&secret->err, ERR_AUTH, N_("the key of account %s is empty"), secret->account);
	else if (secret->err.code == ERR_NONE && !strncmp(s, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
		err_set(&secret->err, ERR_AUTH, N_("the key of account %s begins with a byte order mark"), secret->account);
}

static void deliver(void *data)
{
	struct secret *secret = data;
	bool ok;

	secret->delivery = NULL;
	tidy(secret);
	ok = secret->err.code == ERR_NONE;
	secret->fn(secret->data, ok ? secret->key.s : NULL, ok ? NULL : &secret->err);
	release(secret);
}

static void command_done(void *data, const struct child_result *result, const struct err *err)
{
	struct secret *secret = data;

	secret->child = NULL;
	if (!result)
		secret->err = *err;
	else if (result->status != 0) /* what it printed may hold the secret: only the status is told */
		err_set(&secret->err, ERR_AUTH, N_("the key_command of account %s ended with status %d"), secret->account, result->status);
	else if (memchr(result->out, 0, result->out_len))
		err_set(&secret->err, ERR_AUTH, N_("the key_command of account %s gave a zero byte"), secret->account);
	else
		str_add_bytes(&secret->key, result->out, result->out_len);
	deliver(secret);
}

static void from_command(struct secret *secret, const char *command)
{
	char **words = child_argv(command, &secret->err);
	struct child_job job = { .words = words, .timeout_ms = COMMAND_TIMEOUT_MS };

	if (words)
		secret->child = child_run(secret->loop, &job, command_done, secret);
	child_argv_free(words);
}

static const char *value_of(const struct config_section *account, const char *name)
{
	for (size_t i = 0; i < account->n; i++)
		if (!strcmp(account->pair[i].name, name))
			return account->pair[i].value;
	return NULL;
}

struct secret *secret_fetch(struct loop *loop, const struct config_section *account, secret_fn fn, void *data)
{
	struct secret *secret = mem_alloc(sizeof(*secret));
	const char *command = value_of(account, "key_command"), *file = value_of(account, "key_file"),
		   *variable = value_of(account, "key_env");
	const char *value = variable ? getenv(variable) : NULL;

	*secret = (struct secret){ .loop = loop, .fn = fn, .data = data, .account = account->name };
	str_init(&secret->key, KEY_MAX);
	if (command) {
		from_command(secret, command);
	} else if (file) {
		store_read_secret(file, KEY_MAX, &secret->key, &secret->err);
	} else if (value) {
		str_add(&secret->key, value);
	} else if (variable) {
		err_set(&secret->err, ERR_AUTH, N_("the environment has no %s, which account %s names as its key"), variable,
			account->name);
	} else {
		err_set(&secret->err, ERR_USAGE, N_("account %s does not say where its key is"), account->name);
		err_hint(&secret->err, N_("Set key_command, key_file or key_env in its section."));
	}
	if (!secret->child)
		secret->delivery = loop_after(loop, 0, deliver, secret);
	return secret;
}
