// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/http.h"

/* More than a timer of libcurl's can be off. */
#define LONGEST_WAIT_MS	60000

static size_t take(char *data, size_t one, size_t n, void *arg)
{
	struct http *http = arg;

	n *= one;
	if (n > HTTP_ANSWER_BYTES - http->size)
		return 0;
	http->body = must(realloc(http->body, http->size + n + 1));
	memcpy(http->body + http->size, data, n);
	http->size += n;
	return n;
}

void http_begin(struct http *http, const struct endpoint *endpoint)
{
	*http = (struct http){ .endpoint = endpoint };
	curl_global_init(CURL_GLOBAL_DEFAULT);
	http->multi = must(curl_multi_init());
	http->easy = must(curl_easy_init());
	curl_easy_setopt(http->easy, CURLOPT_URL, endpoint->url);
	curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, endpoint->headers);
	curl_easy_setopt(http->easy, CURLOPT_USERAGENT, "dbgportctl/" DBGPORTD_VERSION);
	curl_easy_setopt(http->easy, CURLOPT_TIMEOUT, (long)HTTP_TIMEOUT_S);
	curl_easy_setopt(http->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(http->easy, CURLOPT_ERRORBUFFER, http->error);
	curl_easy_setopt(http->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(http->easy, CURLOPT_WRITEDATA, http);
}

static void forget(struct http *http)
{
	if (http->busy)
		curl_multi_remove_handle(http->multi, http->easy);
	free(http->body);
	http->busy = false;
	http->body = NULL;
	http->size = 0;
}

void http_end(struct http *http)
{
	forget(http);
	curl_easy_cleanup(http->easy);
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
}

void http_post(struct http *http, const char *body, size_t size)
{
	*http->error = '\0';
	http->busy = true;
	curl_easy_setopt(http->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
	curl_easy_setopt(http->easy, CURLOPT_POSTFIELDS, body);
	/* For want of memory, else it would have no end. */
	if (curl_multi_add_handle(http->multi, http->easy))
		must(NULL);
}

static void read_answer(struct http *http, int code, struct answer *answer)
{
	curl_off_t retry_s = 0;
	long status = 0;

	if (code == CURLE_WRITE_ERROR) {
		answer_missing(answer, ANSWER_REFUSED, "its answer is longer than 4 MiB");
	} else if (code) {
		answer_missing(answer, ANSWER_LATER,
			       *http->error ? http->error : curl_easy_strerror(code));
	} else {
		curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(http->easy, CURLINFO_RETRY_AFTER, &retry_s);
		answer_read(answer, status, http->body, http->size, retry_s);
	}
}

bool http_turn(struct http *http, struct answer *answer)
{
	int running, queued;

	if (!http->busy)
		return false;
	curl_multi_perform(http->multi, &running);
	if (running)
		return false;
	/* There is one request, so the message is that it has its result. */
	read_answer(http, curl_multi_info_read(http->multi, &queued)->data.result, answer);
	forget(http);
	return true;
}

void http_wait(struct http *http, const int fd[], size_t fds, int timeout_ms)
{
	struct curl_waitfd wait[HTTP_FDS];
	unsigned int n = 0;

	for (size_t i = 0; i < fds; i++) {
		if (fd[i] >= 0)
			wait[n++] = (struct curl_waitfd){ .fd = fd[i], .events = CURL_WAIT_POLLIN };
	}
	curl_multi_poll(http->multi, wait, n,
			timeout_ms < LONGEST_WAIT_MS ? timeout_ms : LONGEST_WAIT_MS, NULL);
}
