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

/* NULL-ended, to be freed with child_words_free(). ERR_USAGE on an open quote or too many words. */
char **child_words(const char *command, struct err *err);
void child_words_free(char **words);

struct child;
struct child_result {
	int status;		/* exit status; 128 + signal when it was killed */
	const char *out, *diag;	/* stdout and stderr, zero-ended, borrowed for the call; wiped after it */
	size_t out_len;
};
typedef void (*child_fn)(void *data, const struct child_result *result, const struct err *err);
/* terminal: the child may use the terminal (a pinentry, ssh-keygen's question): stdin/stderr are inherited, and the caller has left the screen. */
struct child *child_run(struct loop *loop, char *const words[], const void *input, size_t input_len, bool terminal,
			uint32_t timeout_ms, child_fn fn, void *data);
void child_cancel(struct child *child);

/* Public keys: makes / checks an SSH signature (namespace "mxladder") over message, by ssh-keygen -Y. Run the loop inside; return when done. */
bool child_ssh_sign(struct loop *loop, const char *key_file, const char *message, size_t len, struct str *signature, struct err *err);
/* signer: the principal that allowed_signers gives for the key. ERR_APPROVAL when it is not valid. */
bool child_ssh_verify(struct loop *loop, const char *allowed_signers, const char *signer, const char *message, size_t len,
		      const char *signature, struct err *err);

#endif
