/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures by ssh-keygen -Y: child.h's other half. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "io/child.h"
#include "io/scratch.h"
#include "io/store.h"
#include "base/banned.h"

#define SIGNERS_MAX ((size_t)1 << 20)

#define NAMESPACE "mxladder"
#define SSH_TIMEOUT_MS 120000 /* a passphrase may have to be typed */

struct waiting {
	struct loop *loop;
	struct str *out;
	struct err *err;
	const struct err *silent; /* for where ssh-keygen says nothing */
	bool ok;
};

/* What ssh-keygen said, in one line, without its banners. Owned by the caller. */
static char *said(const char *diag)
{
	struct str text;

	str_init(&text, 0);
	for (size_t len; *diag; diag += len + (diag[len] != '\0')) {
		len = strcspn(diag, "\r\n");
		if (len == 0 || *diag == '@')
			continue;
		str_add(&text, text.len ? " " : "");
		str_add_bytes(&text, diag, len);
	}
	return str_take(&text);
}

static void ended(void *data, const struct child_result *result, const struct err *err)
{
	struct waiting *waiting = data;

	if (!result) {
		*waiting->err = *err;
	} else if (result->status != 0) {
		char *words = said(result->diag);

		if (*words)
			err_set(waiting->err, ERR_APPROVAL, "ssh-keygen: %s", words);
		else
			*waiting->err = *waiting->silent;
		free(words);
	} else {
		waiting->ok = true;
	}
	if (waiting->ok && waiting->out)
		str_add_bytes(waiting->out, result->out, result->out_len);
	loop_stop(waiting->loop);
}

/* Runs on a loop of its own: the program's loop may be in the middle of a callback. */
static bool run(const struct child_job *job, const struct err *silent, struct str *out, struct err *err)
{
	struct loop *loop = loop_new();
	struct err why = { 0 };
	struct waiting waiting = { .loop = loop, .out = out, .err = &why, .silent = silent };

	child_run(loop, job, ended, &waiting);
	loop_run(loop);
	loop_free(loop);
	if (!waiting.ok && err)
		*err = why;
	return waiting.ok;
}

#define WORD(text) ((char *)(uintptr_t)(text)) /* execvp() takes char *, and writes nothing */

/* On a terminal, ssh-keygen talks to the person; elsewhere its words come into the error. */
bool child_ssh_sign(const char *key_file, const struct str *message, struct str *signature, struct err *err)
{
	char *words[] = { WORD("ssh-keygen"), WORD("-Y"), WORD("sign"), WORD("-q"), WORD("-n"), WORD(NAMESPACE), WORD("-f"), WORD(key_file),
		NULL };
	struct child_job job = {
		.words = words,
		.input = message->s,
		.input_len = message->len,
		.terminal = isatty(STDERR_FILENO) == 1,
		.timeout_ms = SSH_TIMEOUT_MS,
	};
	struct err silent = { 0 };

	err_set(&silent, ERR_APPROVAL, N_("ssh-keygen did not sign with the key %s"), key_file);
	return run(&job, &silent, signature, err);
}

/* The last word that begins so: a principal, which stands before it, may be anything. */
static bool find_key(const struct str *out, struct str *fingerprint, struct err *err)
{
	static const char mark[] = "SHA256:";
	const char *at = NULL;

	for (const char *next = strstr(out->s, mark); next; next = strstr(next + 1, mark))
		at = next;
	if (!at)
		return err_set(err, ERR_APPROVAL, N_("ssh-keygen did not tell the key of a signature"));
	str_add_bytes(fingerprint, at, strcspn(at, " \t\r\n"));
	return true;
}

/* words[n - 1] is to be the file of the signature. */
static bool run_on(char **words, size_t n, const char *signature, const struct str *message, struct waiting *how)
{
	char *directory = scratch_new(how->err);
	struct str path;
	bool ok = false;

	if (!directory)
		return false;
	str_init(&path, 0);
	str_addf(&path, "%s/signature", directory);
	if (store_write_file(path.s, signature, strlen(signature), 0600, how->err)) {
		struct child_job job = { .words = words, .input = message->s, .input_len = message->len, .timeout_ms = SSH_TIMEOUT_MS };

		words[n - 1] = path.s;
		ok = run(&job, how->silent, how->out, how->err);
	}
	str_release(&path);
	scratch_free(directory);
	return ok;
}

bool child_ssh_key(const char *signature, const struct str *message, struct str *fingerprint, struct err *err)
{
	char *words[] = { WORD("ssh-keygen"), WORD("-Y"), WORD("check-novalidate"), WORD("-n"), WORD(NAMESPACE), WORD("-s"), NULL, NULL };
	struct err silent = { 0 };
	struct str out;
	struct waiting how = { .out = &out, .err = err, .silent = &silent };
	bool ok;

	str_init(&out, 0);
	err_set(&silent, ERR_APPROVAL, N_("the signature is not one of what was signed"));
	ok = run_on(words, 7, signature, message, &how) && find_key(&out, fingerprint, err);
	str_release(&out);
	return ok;
}

bool child_ssh_verify(const struct child_signer *signer, const struct str *message, struct str *fingerprint, struct err *err)
{
	char *words[] = { WORD("ssh-keygen"), WORD("-Y"), WORD("verify"), WORD("-n"), WORD(NAMESPACE), WORD("-f"),
		WORD(signer->allowed_signers), WORD("-I"), WORD(signer->name), WORD("-s"), NULL, NULL };
	struct err silent = { 0 };
	struct str out;
	struct waiting how = { .out = &out, .err = err, .silent = &silent };
	bool ok;

	str_init(&out, 0);
	err_set(&silent, ERR_APPROVAL, N_("%s allows no such key to %s"), signer->allowed_signers, signer->name);
	err_hint(&silent, N_("Each line of that file begins with a name: who approves by its key says name = NAME in [main]."));
	ok = store_read_trusted(signer->allowed_signers, SIGNERS_MAX, &out, err);
	str_clear(&out);
	ok = ok && run_on(words, 11, signer->signature, message, &how) && find_key(&out, fingerprint, err);
	str_release(&out);
	return ok;
}
