// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/otlp/endpoint.h"
#include "lib/escape.h"

static bool is_web(CURLU *parts)
{
	char *scheme = NULL;
	bool is = !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) &&
		  (!strcmp(scheme, "http") || !strcmp(scheme, "https"));

	curl_free(scheme);
	return is;
}

static int add_path(CURLU *parts)
{
	char *path = NULL;
	int err = curl_url_get(parts, CURLUPART_PATH, &path, 0);

	if (!err && !strcmp(path, "/"))
		err = curl_url_set(parts, CURLUPART_PATH, "/v1/traces", 0);
	curl_free(path);
	return err;
}

/* What is shown has no password, and nothing that a terminal would obey. */
static char *make_shown(CURLU *parts)
{
	char *url = NULL, *shown;
	size_t n;

	curl_url_set(parts, CURLUPART_USER, NULL, 0);
	curl_url_set(parts, CURLUPART_PASSWORD, NULL, 0);
	if (curl_url_get(parts, CURLUPART_URL, &url, 0))
		return NULL;
	n = strlen(url);
	shown = must(malloc(ESCAPE_MAX * n + 1));
	shown[escape(shown, url, n)] = '\0';
	curl_free(url);
	return shown;
}

static int parse_url(struct endpoint *endpoint, const char *url)
{
	CURLU *parts = must(curl_url());
	int err = -1;

	if (!curl_url_set(parts, CURLUPART_URL, url, 0) && is_web(parts) && !add_path(parts) &&
	    !curl_url_get(parts, CURLUPART_URL, &endpoint->url, 0)) {
		endpoint->shown = make_shown(parts);
		err = endpoint->shown ? 0 : -1;
	}
	curl_url_cleanup(parts);
	return err;
}

static void add_header(struct endpoint *endpoint, const char *header)
{
	endpoint->headers = must(curl_slist_append(endpoint->headers, header));
}

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	n = strlen(text);
	while (n && strchr(" \t", text[n - 1]))
		n--;
	text[n] = '\0';
	return text;
}

/* @pair: "name=value", with what is special in the value as in a URL. */
static int add_pair(struct endpoint *endpoint, char *pair)
{
	char *value = strchr(pair, '='), *plain, *header;
	int n, err;

	if (!value)
		return -1;
	*value++ = '\0';
	pair = trim(pair);
	plain = must(curl_easy_unescape(NULL, trim(value), 0, &n));
	err = !*pair;
	for (int i = 0; i < n; i++)
		err |= iscntrl((unsigned char)plain[i]);
	for (const char *c = pair; *c; c++)
		err |= !isgraph((unsigned char)*c) || *c == ':';
	if (!err) {
		header = must(malloc(strlen(pair) + n + 3));
		sprintf(header, "%s: %s", pair, plain);
		add_header(endpoint, header);
		free(header);
	}
	curl_free(plain);
	return err ? -1 : 0;
}

static int add_headers(struct endpoint *endpoint, char *why, size_t size)
{
	static const char *const names[] = {
		"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS",
	};
	const char *name = names[getenv(names[0]) ? 0 : 1], *set = getenv(name);
	char *text = must(strdup(set ?: "")), *rest = text, *pair;
	int err = 0;

	while (!err && (pair = strsep(&rest, ","))) {
		if (*trim(pair))
			err = add_pair(endpoint, pair);
	}
	/* It may have a password in it, and is not repeated. */
	if (err)
		snprintf(why, size, "%s: it takes name=value,…, with values as in a URL", name);
	free(text);
	return err;
}

int endpoint_parse(struct endpoint *endpoint, const char *url, char *why, size_t size)
{
	*endpoint = (struct endpoint){ 0 };
	add_header(endpoint, "Content-Type: application/json");
	/* Else a long request waits for leave to be sent. */
	add_header(endpoint, "Expect:");
	if (!parse_url(endpoint, url))
		return add_headers(endpoint, why, size);
	snprintf(why, size, "--otlp: it takes an http or https URL, as in http://localhost:4318");
	return -1;
}

void endpoint_free(struct endpoint *endpoint)
{
	curl_free(endpoint->url);
	free(endpoint->shown);
	curl_slist_free_all(endpoint->headers);
}
