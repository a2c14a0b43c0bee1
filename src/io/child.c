/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define LOOK_AGAIN_MS 2
#define LOOK_AGAIN_MAX_MS 64

struct child {
	struct loop *loop;
	pid_t pid; /* 0: never started */
	child_fn fn;
	void *data;
	int in, out, diag; /* our ends; -1: closed */
	struct loop_handle *in_ready, *out_ready, *diag_ready, *look_again, *deadline, *delivery;
	struct str input, caught_out, caught_diag;
	size_t written;
	uint64_t look_again_ms;
	bool reaped;
	int status;
	struct err err;
};

/* ---- words ---- */

static bool split(const char *s, char **words, struct str *word, struct err *err)
{
	size_t n = 0;

	while (*(s += strspn(s, " \t\n"))) {
		char quote = 0;
		if (n == CHILD_WORDS)
			return err_set(err, ERR_USAGE, N_("a command has more than %d words"), CHILD_WORDS);
		str_clear(word);
		for (; *s && (quote || !strchr(" \t\n", *s)); s++) {
			if (quote ? *s == quote : *s == '\'' || *s == '"')
				quote = quote ? 0 : *s;
			else if (*s == '\\' && quote != '\'' && s[1])
				str_add_char(word, *++s);
			else
				str_add_char(word, *s);
		}
		if (quote)
			return err_set(err, ERR_USAGE, N_("a command has a quote that is not closed"));
		words[n++] = mem_text(word->s);
	}
	return n > 0 || err_set(err, ERR_USAGE, N_("a command is empty"));
}

char **child_argv(const char *command, struct err *err)
{
	char **words = mem_alloc((CHILD_WORDS + 1) * sizeof(*words));
	struct str word;
	bool ok;

	str_init(&word, 0);
	ok = split(command, words, &word, err);
	str_release(&word);
	if (ok)
		return words;
	child_argv_free(words);
	return NULL;
}

void child_argv_free(char **words)
{
	for (size_t i = 0; words && words[i]; i++)
		free(words[i]);
	free(words);
}

/* ---- an end ---- */

static void close_fd(int *fd, struct loop_handle **ready)
{
	loop_cancel(*ready);
	*ready = NULL;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void release(struct child *child)
{
	close_fd(&child->in, &child->in_ready);
	close_fd(&child->out, &child->out_ready);
	close_fd(&child->diag, &child->diag_ready);
	loop_cancel(child->look_again);
	loop_cancel(child->deadline);
	loop_cancel(child->delivery);
	mem_wipe(child->input.s, child->input.len);
	mem_wipe(child->caught_out.s, child->caught_out.len);
	mem_wipe(child->caught_diag.s, child->caught_diag.len);
	str_release(&child->input);
	str_release(&child->caught_out);
	str_release(&child->caught_diag);
	free(child);
}

static void kill_group(struct child *child)
{
	if (child->pid <= 0 || child->reaped)
		return;
	kill(-child->pid, SIGKILL);
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	child->reaped = true;
}

void child_cancel(struct child *child)
{
	if (!child)
		return;
	kill_group(child);
	release(child);
}

static void deliver(void *data)
{
	struct child *child = data;
	struct child_result result = { child->status, child->caught_out.s, child->caught_diag.s, child->caught_out.len };
	bool ok = child->err.code == ERR_NONE;

	child->delivery = NULL;
	child->fn(child->data, ok ? &result : NULL, ok ? NULL : &child->err);
	release(child);
}

static void deliver_soon(struct child *child)
{
	if (!child->delivery)
		child->delivery = loop_after(child->loop, 0, deliver, child);
}

static void stop(struct child *child)
{
	kill_group(child);
	close_fd(&child->in, &child->in_ready);
	close_fd(&child->out, &child->out_ready);
	close_fd(&child->diag, &child->diag_ready);
	deliver_soon(child);
}

static void too_late(void *data)
{
	struct child *child = data;

	child->deadline = NULL;
	err_set(&child->err, ERR_FILE, N_("the command did not end in time"));
	stop(child);
}

/* ---- its input and output ---- */

static void too_much(struct child *child)
{
	err_set(&child->err, ERR_FILE, N_("the command wrote more than %lu bytes"), (unsigned long)CHILD_OUTPUT_MAX);
}

static void drain(int *fd, struct loop_handle **ready, struct str *to)
{
	char bytes[4096];
	ssize_t n;

	while (*fd >= 0 && !to->overflow && (n = read(*fd, bytes, sizeof(bytes))) > 0)
		str_add_bytes(to, bytes, (size_t)n);
	mem_wipe(bytes, sizeof(bytes));
	close_fd(fd, ready);
}

/* No SIGCHLD: signals belong to one loop of a program alone, and a signature is made on a loop of its own. The end of the output is
 * no sign: a daemon that it left behind may hold that open for ever. */
static void look_for_end(void *data)
{
	struct child *child = data;
	int status;

	child->look_again = NULL;
	if (child->reaped)
		return;
	if (waitpid(child->pid, &status, WNOHANG) != child->pid) {
		child->look_again = loop_after(child->loop, child->look_again_ms, look_for_end, child);
		child->look_again_ms = child->look_again_ms < LOOK_AGAIN_MAX_MS ? child->look_again_ms * 2 : LOOK_AGAIN_MAX_MS;
		return;
	}
	child->reaped = true;
	child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	loop_cancel(child->deadline);
	child->deadline = NULL;
	drain(&child->out, &child->out_ready, &child->caught_out);
	drain(&child->diag, &child->diag_ready, &child->caught_diag);
	if (child->caught_out.overflow || child->caught_diag.overflow)
		too_much(child);
	deliver_soon(child);
}

/* The child's output has ended: looks soon whether the child has ended, too. */
static void look_soon(struct child *child)
{
	if (child->out >= 0 || child->diag >= 0 || child->reaped)
		return;
	loop_cancel(child->look_again);
	child->look_again_ms = LOOK_AGAIN_MS;
	look_for_end(child);
}

static void write_more(void *data)
{
	struct child *child = data;
	ssize_t n = write(child->in, child->input.s + child->written, child->input.len - child->written);

	if (n > 0)
		child->written += (size_t)n;
	if (child->written == child->input.len || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&child->in, &child->in_ready);
}

static void read_more(struct child *child, int *fd, struct loop_handle **ready, struct str *to)
{
	char bytes[4096];
	ssize_t n = read(*fd, bytes, sizeof(bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_fd(fd, ready);
		look_soon(child);
		return;
	}
	str_add_bytes(to, bytes, (size_t)n);
	mem_wipe(bytes, sizeof(bytes));
	if (to->overflow) {
		too_much(child);
		stop(child);
	}
}

static void out_readable(void *data)
{
	struct child *child = data;

	read_more(child, &child->out, &child->out_ready, &child->caught_out);
}

static void diag_readable(void *data)
{
	struct child *child = data;

	read_more(child, &child->diag, &child->diag_ready, &child->caught_diag);
}

/* ---- starting ---- */

static bool is_named(const char *variable, const char *const *names)
{
	size_t len = strcspn(variable, "=");

	for (; names && *names; names++)
		if (strlen(*names) == len && !memcmp(*names, variable, len))
			return true;
	return false;
}

/* Ours without those; the array is owned by the caller, its texts are ours. */
static char **environment_without(const char *const *names)
{
	size_t n = 0, kept = 0;
	char **all = environ, **made;

	while (all && all[n])
		n++;
	made = mem_alloc((n + 1) * sizeof(*made));
	for (size_t i = 0; i < n; i++)
		if (!is_named(all[i], names))
			made[kept++] = all[i];
	return made;
}

enum {
	PIPE_IN_READ,
	PIPE_IN_WRITE,
	PIPE_OUT_READ,
	PIPE_OUT_WRITE,
	PIPE_DIAG_READ,
	PIPE_DIAG_WRITE,
	PIPE_EXEC_READ,
	PIPE_EXEC_WRITE,
	PIPE_ENDS
};

/* Runs in the child. Calls only what may be called between fork and exec. */
static _Noreturn void become(const struct child_job *job, char **environment, const int pipes[PIPE_ENDS])
{
	int why;

	if (!job->terminal)
		setpgid(0, 0);
	if (!job->terminal || job->input)
		dup2(pipes[PIPE_IN_READ], STDIN_FILENO);
	dup2(pipes[PIPE_OUT_WRITE], STDOUT_FILENO);
	if (!job->terminal)
		dup2(pipes[PIPE_DIAG_WRITE], STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	environ = environment;
	execvp(job->words[0], job->words);
	why = errno;
	if (write(pipes[PIPE_EXEC_WRITE], &why, sizeof(why)) < 0)
		_exit(126);
	_exit(127);
}

static bool open_pipes(int pipes[PIPE_ENDS])
{
	for (int i = 0; i < PIPE_ENDS; i++)
		pipes[i] = -1;
	for (int i = 0; i < PIPE_ENDS; i += 2)
		if (pipe2(pipes + i, O_CLOEXEC) < 0)
			return false;
	return true;
}

/* Waits until the child has become the program, which closes the pipe; 0, or the errno of what kept it from that. */
static int exec_failure(int pipes[PIPE_ENDS])
{
	int why = 0;
	ssize_t n;

	close(pipes[PIPE_EXEC_WRITE]);
	pipes[PIPE_EXEC_WRITE] = -1;
	do
		n = read(pipes[PIPE_EXEC_READ], &why, sizeof(why));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(why) ? why : 0;
}

static void watch(struct child *child, const struct child_job *job)
{
	fcntl(child->in, F_SETFL, O_NONBLOCK);
	fcntl(child->out, F_SETFL, O_NONBLOCK);
	fcntl(child->diag, F_SETFL, O_NONBLOCK);
	child->out_ready = loop_readable(child->loop, child->out, out_readable, child);
	child->diag_ready = loop_readable(child->loop, child->diag, diag_readable, child);
	if (child->input.len)
		child->in_ready = loop_writable(child->loop, child->in, write_more, child);
	else
		close_fd(&child->in, &child->in_ready);
	if (job->timeout_ms)
		child->deadline = loop_after(child->loop, job->timeout_ms, too_late, child);
	child->look_again_ms = LOOK_AGAIN_MS;
	child->look_again = loop_after(child->loop, LOOK_AGAIN_MS, look_for_end, child);
}

static void start(struct child *child, const struct child_job *job)
{
	char **environment = environment_without(job->unset);
	int pipes[PIPE_ENDS], why;

	child->pid = open_pipes(pipes) ? fork() : -1;
	if (child->pid == 0)
		become(job, environment, pipes);
	why = child->pid > 0 ? exec_failure(pipes) : errno;
	if (why) {
		if (child->pid > 0)
			waitpid(child->pid, NULL, 0);
		child->reaped = true;
		err_set(&child->err, ERR_FILE, N_("%s could not be started: %s"), job->words[0], strerror(why));
		deliver_soon(child);
	} else {
		child->in = pipes[PIPE_IN_WRITE], pipes[PIPE_IN_WRITE] = -1;
		child->out = pipes[PIPE_OUT_READ], pipes[PIPE_OUT_READ] = -1;
		child->diag = pipes[PIPE_DIAG_READ], pipes[PIPE_DIAG_READ] = -1;
		watch(child, job);
	}
	free(environment);
	for (int i = 0; i < PIPE_ENDS; i++)
		if (pipes[i] >= 0)
			close(pipes[i]);
}

struct child *child_run(struct loop *loop, const struct child_job *job, child_fn fn, void *data)
{
	struct child *child = mem_alloc(sizeof(*child));

	*child = (struct child){ .loop = loop, .fn = fn, .data = data, .in = -1, .out = -1, .diag = -1 };
	str_init(&child->input, 0);
	str_init(&child->caught_out, CHILD_OUTPUT_MAX);
	str_init(&child->caught_diag, CHILD_OUTPUT_MAX);
	str_add_bytes(&child->input, job->input, job->input ? job->input_len : 0);
	signal(SIGPIPE, SIG_IGN);
	start(child, job);
	return child;
}
