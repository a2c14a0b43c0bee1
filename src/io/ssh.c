/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures by ssh-keygen -Y: child.h's other half. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "io/child.h"
#include "io/scratch.h"
#include "io/store.h"
#include "base/banned.h"

#define NAMESPACE "mxladder"
#define SSH_TIMEOUT_MS 120000 /* a passphrase may have to be typed */

struct waiting {
	struct loop *loop;
	struct str *out;
	struct err *err;
	bool ok;
};

static void ended(void *data, const struct child_result *result, const struct err *err)
{
	struct waiting *waiting = data;

	if (!result)
		*waiting->err = *err;
	else if (result->status != 0)
		err_set(waiting->err, ERR_APPROVAL, N_("ssh-keygen refused: %s"), result->diag);
	else
		waiting->ok = true;
	if (waiting->ok && waiting->out)
		str_add_bytes(waiting->out, result->out, result->out_len);
	loop_stop(waiting->loop);
}

/* On a loop of its own: the program's may be in the middle of a callback, and must not move meanwhile. */
static bool run(const struct child_job *job, struct str *out, struct err *err)
{
	struct loop *loop = loop_new();
	struct err why = { 0 };
	struct waiting waiting = { .loop = loop, .out = out, .err = &why };

	child_run(loop, job, ended, &waiting);
	loop_run(loop);
	loop_free(loop);
	if (!waiting.ok && err)
		*err = why;
	return waiting.ok;
}

#define WORD(text) ((char *)(uintptr_t)(text)) /* execvp() takes char *, and writes nothing */

bool child_ssh_sign(const char *key_file, const struct str *message, struct str *signature, struct err *err)
{
	char *words[] = { WORD("ssh-keygen"), WORD("-Y"), WORD("sign"), WORD("-q"), WORD("-n"), WORD(NAMESPACE), WORD("-f"), WORD(key_file),
		NULL };
	struct child_job job = {
		.words = words, .input = message->s, .input_len = message->len, .terminal = true, .timeout_ms = SSH_TIMEOUT_MS
	};

	return run(&job, signature, err);
}

bool child_ssh_verify(const struct child_signer *signer, const struct str *message, struct err *err)
{
	char *directory = scratch_new(err);
	struct str path;
	bool ok = false;

	if (!directory)
		return false;
	str_init(&path, 0);
	str_addf(&path, "%s/signature", directory);
	if (store_write_file(path.s, signer->signature, strlen(signer->signature), 0600, err)) {
		char *words[] = { WORD("ssh-keygen"), WORD("-Y"), WORD("verify"), WORD("-n"), WORD(NAMESPACE), WORD("-f"),
			WORD(signer->allowed_signers), WORD("-I"), WORD(signer->name), WORD("-s"), path.s, NULL };
		struct child_job job = { .words = words, .input = message->s, .input_len = message->len, .timeout_ms = SSH_TIMEOUT_MS };
		ok = run(&job, NULL, err);
	}
	str_release(&path);
	scratch_free(directory);
	return ok;
}
