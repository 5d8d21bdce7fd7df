// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/nats_address.h"

const char *nats_url_check(const char *urls)
{
	static const char what[] =
		"it takes URLs of servers, as nats://HOST:4222 or tls://HOST:4222";

	for (const char *url = urls;; url++) {
		size_t len = strcspn(url, ",");
		size_t scheme = strncmp(url, "nats://", 7) && strncmp(url, "tls://", 6) ? 0 :
			strstr(url, "://") + 3 - url;

		if (!scheme || scheme >= len)
			return what;
		url += len;
		if (!*url)
			return NULL;
	}
}

bool nats_subject_is_prefix(const char *subject)
{
	char before = '.';

	for (const char *c = subject; *c; c++) {
		bool begins = before == '.';

		before = *c;
		if (*c == '.' ? begins : !isalnum((unsigned char)*c) && *c != '_' && *c != '-')
			return false;
	}
	return before != '.' && strlen(subject) <= NATS_SUBJECT_MAX_LEN;
}

int nats_files_check(const char *creds, const char *tls, const char *dashes, char *why,
		     size_t size)
{
	const char *const files[] = { creds, tls };

	for (int i = 0; i < 2; i++) {
		if (!files[i] || !access(files[i], R_OK))
			continue;
		snprintf(why, size, "%s%s=%s: %s", dashes, i ? "tls" : "creds", files[i],
			 strerror(errno));
		return -1;
	}
	return 0;
}
