// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/batch.h"
#include "dbgportctl/otlp/outbox.h"
#include "dbgportctl/otlp/retry.h"

/**
 * struct letter - a boot that waits
 * @next: the one that came after it; NULL: none
 * @batch: a request's body
 * @label: what the boot is called
 */
struct letter {
	struct letter *next;
	struct batch batch;
	char label[BOOT_LABEL_SIZE];
};

static const char *receiver(const struct outbox *outbox)
{
	return outbox->http.endpoint->shown;
}

void outbox_begin(struct outbox *outbox, const struct endpoint *endpoint)
{
	*outbox = (struct outbox){ 0 };
	http_begin(&outbox->http, endpoint);
}

static void drop(struct outbox *outbox, struct letter **p)
{
	struct letter *letter = *p;

	*p = letter->next;
	outbox->count--;
	outbox->bytes -= letter->batch.size;
	batch_free(&letter->batch);
	free(letter);
}

void outbox_end(struct outbox *outbox)
{
	http_end(&outbox->http);
	if (outbox->count)
		fail("%s: %zu boot%s not sent", receiver(outbox), outbox->count,
		     outbox->count == 1 ? " was" : "s were");
	while (outbox->first)
		drop(outbox, &outbox->first);
}

/* The receiver may be reading the first one. */
static void make_room(struct outbox *outbox)
{
	size_t dropped = 0;

	while (outbox->bytes > OUTBOX_BYTES) {
		struct letter **p = outbox->http.busy ? &outbox->first->next : &outbox->first;

		if (!*p || !(*p)->next)
			break;
		drop(outbox, p);
		dropped++;
	}
	if (dropped)
		fail("%s: too many boots wait: the %zu oldest %s dropped", receiver(outbox),
		     dropped, dropped == 1 ? "is" : "are");
}

void outbox_add(struct outbox *outbox, const struct boot *boot)
{
	struct letter *letter = must(calloc(1, sizeof(*letter))), **p = &outbox->first;

	snprintf(letter->label, sizeof(letter->label), "%s", boot->label);
	batch_add(&letter->batch, boot);
	batch_end(&letter->batch);
	while (*p)
		p = &(*p)->next;
	*p = letter;
	outbox->count++;
	outbox->bytes += letter->batch.size;
	make_room(outbox);
}

static void tell_taken(const struct outbox *outbox, const struct answer *answer)
{
	const char *label = outbox->first->label, *colon = *answer->why ? ": " : "";

	if (outbox->tries > 1)
		fail("%s: it takes boots again", receiver(outbox));
	if (answer->rejected)
		fail("%s: %s: it did not take %llu of the spans%s%s", receiver(outbox), label,
		     answer->rejected, colon, answer->why);
	else if (*answer->why)
		fail("%s: %s: it took all, and says: %s", receiver(outbox), label, answer->why);
}

static void take_answer(struct outbox *outbox, const struct answer *answer, __u64 now_ns)
{
	if (answer->verdict == ANSWER_LATER) {
		/* Once: it may take days. */
		if (outbox->tries == 1)
			fail("%s: %s; trying again", receiver(outbox), answer->why);
		outbox->again_ns = now_ns + retry_ns(answer, outbox->tries);
		return;
	}
	if (answer->verdict == ANSWER_TAKEN)
		tell_taken(outbox, answer);
	else
		fail("%s: %s is dropped: %s", receiver(outbox), outbox->first->label, answer->why);
	drop(outbox, &outbox->first);
	outbox->tries = 0;
	outbox->again_ns = 0;
}

static void post(struct outbox *outbox)
{
	const struct batch *batch = &outbox->first->batch;

	outbox->tries++;
	http_post(&outbox->http, batch->text, batch->size);
}

__u64 outbox_turn(struct outbox *outbox, __u64 now_ns)
{
	struct answer answer;

	if (http_turn(&outbox->http, &answer))
		take_answer(outbox, &answer, now_ns);
	if (outbox->http.busy || !outbox->first)
		return 0;
	if (now_ns < outbox->again_ns)
		return outbox->again_ns - now_ns;
	post(outbox);
	/* The request has been put together only. */
	return 1;
}
