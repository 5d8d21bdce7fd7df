// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/batch.h"
#include "dbgportctl/otlp/trace.h"

static const char head[] = "{\"resourceSpans\":[";
static const char tail[] = "]}";

bool batch_can_take(const struct boot *boot)
{
	return boot->real_ns;
}

static void append(struct batch *batch, const char *text, size_t n)
{
	batch->text = must(realloc(batch->text, batch->size + n));
	memcpy(batch->text + batch->size, text, n);
	batch->size += n;
}

bool batch_add(struct batch *batch, const struct boot *boot)
{
	json_t *trace = trace_make(boot);
	char *text = must(json_dumps(trace, JSON_COMPACT));
	size_t n = strlen(text);
	bool fits = !batch->boots || batch->size + n + sizeof(tail) < BATCH_BYTES;

	json_decref(trace);
	if (fits) {
		if (batch->boots)
			append(batch, ",", 1);
		else
			append(batch, head, strlen(head));
		append(batch, text, n);
		batch->boots++;
	}
	free(text);
	return fits;
}

void batch_end(struct batch *batch)
{
	append(batch, tail, strlen(tail));
}

void batch_free(struct batch *batch)
{
	free(batch->text);
	*batch = (struct batch){ 0 };
}
