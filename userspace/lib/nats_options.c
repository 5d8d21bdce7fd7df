// SPDX-License-Identifier: GPL-2.0
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
