/* SPDX-License-Identifier: GPL-2.0 */
/* The receiver that a user means. */
#ifndef DBGPORTCTL_OTLP_ENDPOINT_H
#define DBGPORTCTL_OTLP_ENDPOINT_H

#include <curl/curl.h>

/**
 * struct endpoint - a receiver
 * @url: where traces go
 * @shown: the same for messages: without a user's name and password
 * @headers: of each request
 */
struct endpoint {
	char *url;
	char *shown;
	struct curl_slist *headers;
};

/**
 * endpoint_parse() - understand what was said
 * @endpoint: filled in; to be freed by endpoint_free(), on failure too
 * @url: http or https; where it has no path, that of OTLP is put behind: /v1/traces
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Headers of the user's, such as what proves who sends, come of the environment, as
 * OpenTelemetry has it: OTEL_EXPORTER_OTLP_TRACES_HEADERS, or else
 * OTEL_EXPORTER_OTLP_HEADERS.
 *
 * Return: 0 or -1.
 */
int endpoint_parse(struct endpoint *endpoint, const char *url, char *why, size_t size);
void endpoint_free(struct endpoint *endpoint);

#endif /* DBGPORTCTL_OTLP_ENDPOINT_H */
