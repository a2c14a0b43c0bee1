/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bare_validate RESOLVER@PORT ANCHOR WIDTH < names: libunbound alone, one context, asks what an audit that validates asks: each
 * name's MX, and the addresses of its exchanges. Prints how many sets are secure. */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unbound.h>

#define NAME_MAX_LEN 1024

static struct ub_ctx *ctx;
static size_t running, secure;

struct domain {
	size_t open; /* questions */
};

static void need(int error, const char *what)
{
	if (!error)
		return;
	fprintf(stderr, "bare_validate: %s: %s\n", what, ub_strerror(error));
	exit(1);
}

static void end(struct domain *domain)
{
	if (--domain->open)
		return;
	free(domain);
	running--;
}

static void ask(const char *name, int type, struct domain *domain, ub_callback_type fn)
{
	domain->open++;
	need(ub_resolve_async(ctx, name, type, 1, domain, fn, NULL), "ub_resolve_async");
}

static void addresses(void *data, int error, struct ub_result *result)
{
	need(error, "a host");
	ub_resolve_free(result);
	end(data);
}

/* Names of the rig have no bytes to be escaped. */
static void as_text(const char *wire, char text[NAME_MAX_LEN])
{
	while (*wire) {
		memcpy(text, wire + 1, (size_t)*wire);
		text += *wire;
		*text++ = '.';
		wire += 1 + *wire;
	}
	*text = 0;
}

static void mx_set(void *data, int error, struct ub_result *result)
{
	char host[NAME_MAX_LEN];

	need(error, "a set");
	secure += result->secure && result->havedata;
	for (size_t i = 0; result->data && result->data[i]; i++) {
		as_text(result->data[i] + 2, host);
		ask(host, 1, data, addresses);
		ask(host, 28, data, addresses);
	}
	ub_resolve_free(result);
	end(data);
}

static bool begin(void)
{
	char name[NAME_MAX_LEN];

	if (!fgets(name, sizeof(name), stdin))
		return false;
	name[strcspn(name, "\n")] = 0;
	running++;
	ask(name, 15, calloc(1, sizeof(struct domain)), mx_set);
	return true;
}

static void open_context(const char *resolver, const char *anchor)
{
	static const char *const set[][2] = { { "trust-anchor-signaling:", "no" }, { "outgoing-range:", "1024" },
		{ "num-queries-per-thread:", "2048" }, { "msg-cache-size:", "4m" }, { "rrset-cache-size:", "8m" } };

	ctx = ub_ctx_create();
	for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++)
		need(ub_ctx_set_option(ctx, set[i][0], set[i][1]), set[i][0]);
	need(ub_ctx_set_fwd(ctx, resolver), resolver);
	need(ub_ctx_add_ta_file(ctx, anchor), anchor);
}

int main(int argc, char **argv)
{
	size_t width = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
	bool more = true;

	if (!width)
		return 2;
	open_context(argv[1], argv[2]);
	for (;;) {
		while (more && running < width)
			more = begin();
		if (!running)
			break;
		poll(&(struct pollfd){ .fd = ub_fd(ctx), .events = POLLIN }, 1, -1);
		need(ub_process(ctx), "ub_process");
	}
	printf("%zu\n", secure);
	ub_ctx_delete(ctx);
	return 0;
}
