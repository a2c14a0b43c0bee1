/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server of tests/servers as a child of a test: started, asked for its port, ended by its process number. */
#ifndef TESTS_IO_SERVE_H
#define TESTS_IO_SERVE_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SERVE_ARGS 12

struct serve {
	pid_t pid;
	FILE *said;
	int port, strip;
	char dir[256];
};

static inline const char *serve_path(const char *name, char path[512])
{
	const char *top = getenv("top_srcdir");

	snprintf(path, 512, "%s/tests/servers/%s", top ? top : ".", name);
	return path;
}

/* words: the script and its options, NULL-ended. False when it did not come up. */
static inline bool serve_start(struct serve *serve, const char *const words[])
{
	char *argv[SERVE_ARGS + 3] = { 0 }, script[512], line[512], name[64], value[256];
	int ends[2];

	memset(serve, 0, sizeof(*serve));
	if (pipe(ends) != 0)
		return false;
	argv[0] = strdup("python3");
	argv[1] = strdup("-B");
	argv[2] = strdup(serve_path(words[0], script));
	for (int i = 1; words[i] && i < SERVE_ARGS; i++)
		argv[i + 2] = strdup(words[i]);
	serve->pid = fork();
	if (serve->pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(ends[1]);
	for (int i = 0; argv[i]; i++)
		free(argv[i]);
	serve->said = fdopen(ends[0], "r");
	while (!serve->port && fgets(line, sizeof(line), serve->said)) {
		if (sscanf(line, "%63s %255s", name, value) != 2)
			continue;
		if (!strcmp(name, "dir"))
			snprintf(serve->dir, sizeof(serve->dir), "%s", value);
		if (!strcmp(name, "strip"))
			serve->strip = (int)strtol(value, NULL, 10);
		if (!strcmp(name, "port"))
			serve->port = (int)strtol(value, NULL, 10);
	}
	return serve->port != 0;
}

static inline void serve_stop(struct serve *serve)
{
	if (serve->pid > 0) {
		kill(serve->pid, SIGTERM);
		waitpid(serve->pid, NULL, 0);
	}
	if (serve->said)
		fclose(serve->said);
	serve->pid = 0;
	serve->said = NULL;
}

#endif
