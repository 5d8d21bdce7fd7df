// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nats_options.h"

#define CONNECT_MS	2000
#define PING_MS		10000
/* Most that a URL may name. */
#define SERVERS_MAX	16

static natsStatus set_servers(natsOptions *opts, const char *url)
{
	char *urls = strdup(url), *rest = urls;
	const char *list[SERVERS_MAX];
	int count = 0;
	natsStatus s;

	while (rest && count < SERVERS_MAX)
		list[count++] = strsep(&rest, ",");
	s = natsOptions_SetServers(opts, list, count);
	free(urls);
	return s;
}

natsStatus nats_options(natsOptions *opts, const struct nats_address *to, const char *name)
{
	natsStatus s = set_servers(opts, to->url);

	if (s == NATS_OK)
		s = natsOptions_SetName(opts, name);
	if (s == NATS_OK)
		s = natsOptions_SetTimeout(opts, CONNECT_MS);
	if (s == NATS_OK)
		s = natsOptions_SetAllowReconnect(opts, false);
	if (s == NATS_OK)
		s = natsOptions_SetPingInterval(opts, PING_MS);
	if (s == NATS_OK && *to->creds)
		s = natsOptions_SetUserCredentialsFromFiles(opts, to->creds, NULL);
	if (s == NATS_OK && *to->tls)
		s = natsOptions_SetSecure(opts, true);
	if (s == NATS_OK && *to->tls)
		s = natsOptions_LoadCATrustedCertificates(opts, to->tls);
	return s;
}

void nats_connect_failed(natsStatus s, const char *dashes, char *why, size_t size)
{
	const char *more = nats_GetLastError(NULL);

	if (!more || !*more)
		more = natsStatus_GetText(s);
	switch (s) {
	case NATS_CONNECTION_AUTH_FAILED:
		snprintf(why, size, "the server does not take these credentials (%screds)", dashes);
		break;
	case NATS_SECURE_CONNECTION_REQUIRED:
		snprintf(why, size, "the server wants TLS: say tls:// or %stls", dashes);
		break;
	case NATS_SECURE_CONNECTION_WANTED:
		snprintf(why, size, "the server has no TLS: say nats://, and no %stls", dashes);
		break;
	case NATS_SSL_ERROR:
		snprintf(why, size, "its certificate is not taken (%stls): %s", dashes, more);
		break;
	default:
		snprintf(why, size, "cannot connect: %s", more);
		break;
	}
}
