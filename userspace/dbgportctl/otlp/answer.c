// SPDX-License-Identifier: GPL-2.0
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dbgportctl/otlp/answer.h"
#include "lib/escape.h"
#include "lib/number.h"

/* A receiver may say anything: no longer than an hour. */
#define MOST_RETRY_S	3600

/* Of what a receiver says, no more bytes than have room when they are made harmless. */
#define SAID_BYTES	((ANSWER_WHY_SIZE - 64) / ESCAPE_MAX)

/* In one line, in @text, which is returned. */
static const char *harmless(char text[SAID_BYTES * ESCAPE_MAX + 1], const char *said)
{
	text[escape(text, said, strnlen(said, SAID_BYTES))] = '\0';
	return text;
}

static bool is_for_later(long status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

/* A number of 64 bits, which JSON may have as a text. */
static __u64 number_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	__u64 number;

	if (json_is_integer(value))
		return json_integer_value(value) > 0 ? json_integer_value(value) : 0;
	if (!json_is_string(value) ||
	    number_parse(json_string_value(value), NUMBER_DECIMAL, 0, -1, &number))
		return 0;
	return number;
}

static void read_taken(struct answer *answer, const json_t *object)
{
	const json_t *partial = json_object_get(object, "partialSuccess");
	char said[SAID_BYTES * ESCAPE_MAX + 1];

	answer->rejected = number_of(partial, "rejectedSpans");
	snprintf(answer->why, sizeof(answer->why), "%s",
		 harmless(said, text_of(partial, "errorMessage")));
}

static void read_failed(struct answer *answer, long status, const json_t *object)
{
	const char *message = text_of(object, "message");
	char said[SAID_BYTES * ESCAPE_MAX + 1];

	snprintf(answer->why, sizeof(answer->why), "HTTP %ld%s%s", status, *message ? ": " : "",
		 harmless(said, message));
}

void answer_read(struct answer *answer, long status, const char *body, size_t n, __s64 retry_s)
{
	json_t *object = n ? json_loadb(body, n, 0, NULL) : json_object();
	bool taken = status >= 200 && status < 300;

	*answer = (struct answer){ .verdict = ANSWER_REFUSED, .status = status };
	if (taken && json_is_object(object)) {
		answer->verdict = ANSWER_TAKEN;
		read_taken(answer, object);
	} else if (taken) {
		snprintf(answer->why, sizeof(answer->why),
			 "HTTP %ld, but no answer of OTLP's: is this the right URL?", status);
	} else {
		read_failed(answer, status, object);
	}
	if (is_for_later(status)) {
		answer->verdict = ANSWER_LATER;
		answer->retry_s = retry_s < 0 ? 0 : retry_s < MOST_RETRY_S ? retry_s : MOST_RETRY_S;
	}
	json_decref(object);
}

void answer_missing(struct answer *answer, enum verdict verdict, const char *why)
{
	char said[SAID_BYTES * ESCAPE_MAX + 1];

	*answer = (struct answer){ .verdict = verdict };
	snprintf(answer->why, sizeof(answer->why), "%s", harmless(said, why));
}
