/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to a receiver, one after the other; nothing here waits but http_wait(). */
#ifndef DBGPORTCTL_OTLP_HTTP_H
#define DBGPORTCTL_OTLP_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "dbgportctl/otlp/answer.h"
#include "dbgportctl/otlp/endpoint.h"

/* The longest answer that is read, and how long it is waited for. */
#define HTTP_ANSWER_BYTES	(4 * 1024 * 1024)
#define HTTP_TIMEOUT_S		10

/**
 * struct http - a receiver, and the request that is under way
 * @endpoint: which
 * @multi, @easy: libcurl's
 * @busy: there is a request
 * @error: libcurl's words for what went wrong with it
 * @body, @size: its answer, as far as that has come
 */
struct http {
	const struct endpoint *endpoint;
	CURLM *multi;
	CURL *easy;
	bool busy;
	char error[CURL_ERROR_SIZE];
	char *body;
	size_t size;
};

/* Begin with @endpoint, which must stay. */
void http_begin(struct http *http, const struct endpoint *endpoint);
void http_end(struct http *http);

/* Begin a request with @body, which must stay until its answer is there; none is under way. */
void http_post(struct http *http, const char *body, size_t size);

/* Do what can be done.  Return: whether the request has its answer, which is in @answer. */
bool http_turn(struct http *http, struct answer *answer);

/**
 * http_wait() - wait until there is something to be done
 * @http: for this one
 * @fd: or for these, until they can be read; those below 0 are passed over
 * @fds: how many, up to HTTP_FDS
 * @timeout_ms: no longer than that
 */
#define HTTP_FDS	2
void http_wait(struct http *http, const int fd[], size_t fds, int timeout_ms);

#endif /* DBGPORTCTL_OTLP_HTTP_H */
