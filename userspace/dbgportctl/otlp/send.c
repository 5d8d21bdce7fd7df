// SPDX-License-Identifier: GPL-2.0
/* Boots that are there, sent at once. */
#include <stdio.h>
#include <time.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/otlp/batch.h"
#include "dbgportctl/otlp/http.h"
#include "dbgportctl/otlp/otlp.h"
#include "dbgportctl/otlp/retry.h"
#include "lib/clock.h"

/* For so long in all it is tried again. */
#define PATIENCE_NS	(60 * NSEC_PER_SEC)

/**
 * struct sending - what is under way
 * @http: the receiver
 * @sent: boots that it took
 * @rejected, @said: spans that it did not, and what it said first of all
 * @until_ns: when there is no more patience; 0: all went well
 */
struct sending {
	struct http http;
	size_t sent;
	__u64 rejected;
	char said[ANSWER_WHY_SIZE];
	__u64 until_ns;
};

static void post(struct sending *s, const struct batch *batch, struct answer *answer)
{
	http_post(&s->http, batch->text, batch->size);
	while (!http_turn(&s->http, answer))
		http_wait(&s->http, NULL, 0, HTTP_TIMEOUT_S * 1000);
}

/* Until it is time for another try.  Return: false if that takes too long. */
static bool wait_to_retry(struct sending *s, const struct answer *answer, unsigned int tries)
{
	__u64 now_ns = clock_ns(CLOCK_MONOTONIC), ns = retry_ns(answer, tries);
	const struct timespec time = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };

	if (!s->until_ns)
		s->until_ns = now_ns + PATIENCE_NS;
	return now_ns + ns <= s->until_ns && !nanosleep(&time, NULL);
}

/* Whether an answer of HTTP's asks for patience; who is not there is told at once. */
static bool is_worth_waiting(const struct answer *answer)
{
	return answer->verdict == ANSWER_LATER && answer->status;
}

static int send_batch(struct sending *s, struct batch *batch, size_t boots)
{
	struct answer answer;
	unsigned int tries = 0;

	batch_end(batch);
	do {
		post(s, batch, &answer);
		tries++;
	} while (is_worth_waiting(&answer) && wait_to_retry(s, &answer, tries));
	if (answer.verdict != ANSWER_TAKEN)
		return fail("%s: %s; %zu of %zu boot%s sent", s->http.endpoint->shown, answer.why,
			    s->sent, boots, boots == 1 ? " was" : "s were");
	s->sent += batch->boots;
	s->rejected += answer.rejected;
	if (*answer.why && !*s->said)
		snprintf(s->said, sizeof(s->said), "%s", answer.why);
	return STATUS_OK;
}

static int send_all(struct sending *s, const struct boots *boots, size_t count)
{
	struct batch batch = { 0 };
	int status = STATUS_OK;

	for (size_t i = 0; !status && i < boots->count; i++) {
		const struct boot *boot = boots->boot[i];

		if (!batch_can_take(boot) || batch_add(&batch, boot))
			continue;
		status = send_batch(s, &batch, count);
		batch_free(&batch);
		batch_add(&batch, boot);
	}
	if (!status && batch.boots)
		status = send_batch(s, &batch, count);
	batch_free(&batch);
	return status;
}

static int tell_partial(const struct sending *s)
{
	const char *colon = *s->said ? ": " : "";

	if (s->rejected)
		return fail("%s: it did not take %llu of the spans%s%s", s->http.endpoint->shown,
			    s->rejected, colon, s->said);
	if (*s->said)
		fail_warn("%s: it took all, and says: %s", s->http.endpoint->shown, s->said);
	return STATUS_OK;
}

/* Boots that can be sent; of the others it is told. */
static size_t count_boots(const struct boots *boots)
{
	size_t count = 0, without;

	for (size_t i = 0; i < boots->count; i++)
		count += batch_can_take(boots->boot[i]);
	without = boots->count - count;
	if (without)
		fail_warn("%zu boot%s left out: an older dbgportd did not tell the host's clock",
			  without, without == 1 ? " is" : "s are");
	return count;
}

static int send_to(const struct endpoint *endpoint, const struct boots *boots)
{
	struct sending s = { 0 };
	size_t count = count_boots(boots);
	int status;

	if (!count)
		return STATUS_FAILED;
	http_begin(&s.http, endpoint);
	status = send_all(&s, boots, count) ?: tell_partial(&s);
	http_end(&s.http);
	return status;
}

int otlp_send(const struct boots *boots, const char *url)
{
	struct endpoint endpoint;
	char why[256];
	int status = endpoint_parse(&endpoint, url, why, sizeof(why)) ?
			     fail_usage("%s", why) : send_to(&endpoint, boots);

	endpoint_free(&endpoint);
	return status;
}
