/* SPDX-License-Identifier: GPL-2.0 */
/* Traces that go in one request. */
#ifndef DBGPORTCTL_OTLP_BATCH_H
#define DBGPORTCTL_OTLP_BATCH_H

#include <jansson.h>
#include <stdbool.h>

#include "dbgportctl/boot/boot.h"

/* A request with more than one trace is no longer than that. */
#define BATCH_BYTES	(1024 * 1024)

/**
 * struct batch - what is put into one
 * @text: the body, without its end; NULL: there is no trace in it
 * @size: length of @text
 * @boots: how many it has
 */
struct batch {
	char *text;
	size_t size;
	size_t boots;
};

/* Whether the host's clock of then is known, without which there is no trace. */
bool batch_can_take(const struct boot *boot);

/**
 * batch_add() - put a boot into a batch
 * @batch: begins zeroed
 * @boot: one that it can take
 *
 * Return: whether it was put there: not if the request would be too long.
 */
bool batch_add(struct batch *batch, const struct boot *boot);

/* No more is added: @batch->text is a request's body. */
void batch_end(struct batch *batch);

/* Free all, and begin anew. */
void batch_free(struct batch *batch);

#endif /* DBGPORTCTL_OTLP_BATCH_H */
