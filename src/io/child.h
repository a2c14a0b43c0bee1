/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other programs, started without a shell: words split here (blanks, '...', "...", \ as sh splits them, nothing expanded). stdin is
 * the given input, stdout is caught up to a limit, stderr too. The callback comes exactly once from the loop.
 */
#ifndef IO_CHILD_H
#define IO_CHILD_H

#include "io/loop.h"

#define CHILD_WORDS 64
#define CHILD_OUTPUT_MAX ((size_t)1 << 20)

/* NULL-ended, to be freed with child_argv_free(). ERR_USAGE on an open quote or too many words. */
char **child_argv(const char *command, struct err *err);
void child_argv_free(char **words);

struct child;
struct child_result {
	int status;             /* exit status; 128 + signal when it was killed */
	const char *out, *diag; /* stdout and stderr, zero-ended, borrowed for the call; wiped after it */
	size_t out_len;
};
/* result is NULL, with err, when it could not be started or was stopped (time, too much output). */
typedef void (*child_fn)(void *data, const struct child_result *result, const struct err *err);
struct child_job { /* borrowed for the call */
	char *const *words;
	const void *input;
	size_t input_len;
	bool terminal; /* it may use the terminal (a pinentry, a passphrase): stderr is inherited, stdin too without input; the caller has
			  left the screen */
	uint32_t timeout_ms;      /* 0: none */
	const char *const *unset; /* variables that its environment lacks, NULL-ended; NULL: it has all of ours */
};
struct child *child_run(struct loop *loop, const struct child_job *job, child_fn fn, void *data);
void child_cancel(struct child *child); /* kills it and its children; NULL is accepted */

/* Public keys: makes / checks an SSH signature (namespace "mxladder") over message, by ssh-keygen -Y. They wait for it. */
bool child_ssh_sign(const char *key_file, const struct str *message, struct str *signature, struct err *err);
/* Appends the fingerprint ("SHA256:...") of the key that made the signature, whoever's it is. */
bool child_ssh_key(const char *signature, const struct str *message, struct str *fingerprint, struct err *err);
struct child_signer {
	const char *allowed_signers; /* file */
	const char *name;            /* the principal that it must give for the key */
	const char *signature;
};
/* ERR_APPROVAL when it is not valid. Appends the fingerprint of the key. */
bool child_ssh_verify(const struct child_signer *signer, const struct str *message, struct str *fingerprint, struct err *err);

#endif
