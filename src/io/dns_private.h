/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside io/dns: what asking (dns.c, dns_socket.c), the cache (dns_cache.c), the validator (dns_validate.c) and its forwarder
 * (dns_forward.c) share. */
#ifndef IO_DNS_PRIVATE_H
#define IO_DNS_PRIVATE_H

#include "io/dns_cache.h"

#define DNS_CACHE_BUCKETS 16 /* at first */

struct dns_told {
	unsigned holders;
	enum answer failed;
	struct dns_answer answer;
	size_t len;
	uint8_t bytes[];
};
struct dns_told *dns_told_new(enum answer failed, const void *bytes, size_t len); /* ANSWER_DATA: unless the bytes are no message */

struct entry;
struct forward;

struct dns_cache {
	struct dns *dns;
	uint32_t timeout_ms;
	struct dns_validator *validator; /* lent, or its own; NULL until something is validated */
	bool is_guest;                   /* of the validator that is lent */
	struct dns_cache *next_guest;
	bool is_shared;
	size_t n;                 /* entries */
	struct dns_cache *shared; /* behind this one, or NULL */
	struct dname own;
	size_t n_bucket; /* a power of two */
	struct entry **bucket;
};

/* dns_channel.c: ways to servers, each over UDP or TCP. */
struct channel;
struct dns_post;
struct dns_channels {
	struct loop *loop;
	struct channel *first;
	struct dns_post *post; /* of those over UDP; NULL until there is one */
};
typedef void (*channel_fn)(void *data, struct dns_told *told); /* told is the callee's; NULL: the channel is freed */
struct dns_flight {                                            /* one message on its way, in the room of who sends it */
	struct channel *channel;
	channel_fn fn;
	void *data;
};
/* Borrowed until the loop runs on; NULL: there is no way there. */
struct channel *dns_channel(struct dns_channels *all, const struct dns_endpoint *to, bool tcp, uint32_t timeout_ms);
/* fn and data are set; fn comes once; from within where it cannot be sent. */
void dns_channel_send(struct channel *channel, const struct str *message, struct dns_flight *flight);
void dns_channels_retire(struct dns_channels *all); /* none of them is asked again */
void dns_channels_free(struct dns_channels *all);

/* dns_socket.c: datagrams that come and go together. */
struct dns_post *dns_post_new(struct loop *loop);
void dns_post_free(struct dns_post *post);                   /* after all channels; NULL is accepted */
unsigned dns_post_left(const struct dns_post *post, int fd); /* came, and c-ares has not taken them yet */
void dns_use_sockets(void *ares, struct dns_post *post);     /* an ares_channel; post NULL: over TCP */
struct loop *dns_loop(const struct dns *dns);
const char *dns_anchor_file(const struct dns *dns); /* NULL: the system's */
/* dns_anchor.c: the file to read, and the name that its first anchor stands at. NULL, or why there is none. */
const char *dns_anchor(const struct dns *dns, const char **path, struct dname *name);

uint32_t dns_question_hash(const struct dns_question *question);

/* dns_validate.c: the end of the cache's validations, without a callback, and of its own validator. */
void dns_validations_end(struct dns_cache *cache);

/* dns_forward.c: a UDP server on 127.0.0.1 for the validator alone. It answers each question out of a cache, which asks the
 * resolver where it must. NULL: no socket could be opened. */
struct forward *forward_new(struct dns_cache *cache);
void forward_free(struct forward *forward);            /* NULL is accepted */
void forward_listen(struct forward *forward, bool on); /* off at first: a socket that is listened on keeps the loop awake */
unsigned forward_port(const struct forward *forward);
/* From now on the names at and below the guest's own are asked for through it. It leaves before its end, and questions of the validator
 * that it has not answered are asked anew. */
void forward_join(struct forward *forward, struct dns_cache *guest);
void forward_leave(struct forward *forward, struct dns_cache *guest); /* one that did not join is accepted */
/* Did the resolver lately not answer this, or answer with a failure? The validator may still go by that. */
bool forward_failed(const struct forward *forward, const struct dns_question *question);

#endif
