// SPDX-License-Identifier: GPL-2.0
/*
 * usage:
 *	nats_client URL add STREAM SUBJECTS WINDOW_MS [MAX_BYTES [COPIES]]
 *	nats_client URL source STREAM DOMAIN
 *	nats_client URL fill SUBJECT COUNT
 *	nats_client URL grow STREAM
 *	nats_client URL delete STREAM
 *	nats_client URL count STREAM
 *	nats_client URL get STREAM
 *	nats_client URL publish SUBJECT DATA
 *
 * What a test asks a NATS server, or one of those that URL names with commas between: a
 * stream with a duplicate window, which refuses what is beyond MAX_BYTES (-1: nothing),
 * until it may grow; a stream of what that of the same name in another domain has; COUNT
 * messages as long as a line's, each of a subject of its own; how many messages it has; all
 * of them, a line each: subject, message id, data, with tabs between; and to take one more.
 * With NATS_CA in the environment, servers are recognised by the certificates in that file.
 */
#include <err.h>
#include <inttypes.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SERVERS_MAX	8

static struct __natsConnection *connection;
static jsCtx *js;
static const char *subject_list[1];

static void need(natsStatus s, const char *what)
{
	if (s != NATS_OK)
		errx(1, "%s: %s", what, natsStatus_GetText(s));
}

static void add(const char *name, const char *subjects, const char *ms, const char *max,
		const char *copies)
{
	jsStreamConfig config;

	subject_list[0] = subjects;
	jsStreamConfig_Init(&config);
	config.Name = name;
	config.Subjects = subject_list;
	config.SubjectsLen = 1;
	config.Duplicates = atoll(ms) * 1000000;
	if (max) {
		config.MaxBytes = atoll(max);
		config.Discard = js_DiscardNew;
	}
	if (copies)
		config.Replicas = atoll(copies);
	need(js_AddStream(NULL, js, &config, NULL, NULL), "add");
}

static void source(const char *name, const char *domain)
{
	char prefix[64];
	jsExternalStream external;
	jsStreamSource from, *sources[] = { &from };
	jsStreamConfig config;

	snprintf(prefix, sizeof(prefix), "$JS.%s.API", domain);
	jsExternalStream_Init(&external);
	external.APIPrefix = prefix;
	/* libnats 3.4 does not take NULL for none. */
	external.DeliverPrefix = "";
	jsStreamSource_Init(&from);
	from.Name = name;
	from.External = &external;
	jsStreamConfig_Init(&config);
	config.Name = name;
	config.Sources = sources;
	config.SourcesLen = 1;
	need(js_AddStream(NULL, js, &config, NULL, NULL), "source");
}

/* SeaBIOS's lines are so long, on average. */
#define LINE_BYTES	400

static void fill(const char *subject, long count)
{
	char name[128], data[LINE_BYTES];

	memset(data, 'x', sizeof(data));
	for (long i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s.%ld.0x402", subject, i);
		need(js_PublishAsync(js, name, data, sizeof(data), NULL), name);
	}
	need(js_PublishAsyncComplete(js, NULL), "fill");
}

static uint64_t count(const char *name)
{
	jsStreamInfo *info;
	uint64_t n;

	need(js_GetStreamInfo(&info, js, name, NULL, NULL), "count");
	n = info->State.Msgs;
	jsStreamInfo_Destroy(info);
	return n;
}

static void grow(const char *name)
{
	jsStreamInfo *info;

	need(js_GetStreamInfo(&info, js, name, NULL, NULL), "grow");
	info->Config->MaxBytes = -1;
	need(js_UpdateStream(NULL, js, info->Config, NULL, NULL), "grow");
	jsStreamInfo_Destroy(info);
}

static void get(const char *name)
{
	uint64_t left = count(name);
	natsSubscription *sub;
	jsSubOptions opts;
	natsMsg *msg;
	const char *id;

	jsSubOptions_Init(&opts);
	opts.Stream = name;
	opts.Ordered = true;
	opts.Config.DeliverPolicy = js_DeliverAll;
	if (left)
		need(js_SubscribeSync(&sub, js, ">", NULL, &opts, NULL), "subscribe");
	for (; left; left--) {
		need(natsSubscription_NextMsg(&msg, sub, 5000), "get");
		if (natsMsgHeader_Get(msg, "Nats-Msg-Id", &id) != NATS_OK)
			id = "-";
		printf("%s\t%s\t%.*s\n", natsMsg_GetSubject(msg), id,
		       natsMsg_GetDataLength(msg), natsMsg_GetData(msg));
		natsMsg_Destroy(msg);
	}
}

static natsStatus connect_to(char *urls)
{
	const char *list[SERVERS_MAX];
	const char *ca = getenv("NATS_CA");
	natsOptions *opts;
	int n = 0;

	while (urls && n < SERVERS_MAX)
		list[n++] = strsep(&urls, ",");
	need(natsOptions_Create(&opts), "options");
	need(natsOptions_SetServers(opts, list, n), "servers");
	if (ca) {
		need(natsOptions_SetSecure(opts, true), "TLS");
		need(natsOptions_LoadCATrustedCertificates(opts, ca), ca);
	}
	return natsConnection_Connect(&connection, opts);
}

int main(int argc, char *argv[])
{
	if (argc < 4)
		errx(2, "usage: nats_client URL COMMAND STREAM [ARGUMENT]...");
	need(connect_to(argv[1]), "connect");
	need(natsConnection_JetStream(&js, connection, NULL), "JetStream");
	if (!strcmp(argv[2], "add") && argc > 5)
		add(argv[3], argv[4], argv[5], argv[6], argv[6] ? argv[7] : NULL);
	else if (!strcmp(argv[2], "source") && argc > 4)
		source(argv[3], argv[4]);
	else if (!strcmp(argv[2], "fill") && argc > 4)
		fill(argv[3], atol(argv[4]));
	else if (!strcmp(argv[2], "grow"))
		grow(argv[3]);
	else if (!strcmp(argv[2], "delete"))
		need(js_DeleteStream(js, argv[3], NULL, NULL), "delete");
	else if (!strcmp(argv[2], "count"))
		printf("%" PRIu64 "\n", count(argv[3]));
	else if (!strcmp(argv[2], "publish") && argc > 4)
		need(js_Publish(NULL, js, argv[3], argv[4], strlen(argv[4]), NULL, NULL), argv[3]);
	else if (!strcmp(argv[2], "get"))
		get(argv[3]);
	else
		errx(2, "there is no '%s'", argv[2]);
	return 0;
}
