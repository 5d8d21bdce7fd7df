// SPDX-License-Identifier: GPL-2.0
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportctl/cli/memory.h"
#include "dbgportctl/fleet/jetstream.h"
#include "lib/nats_options.h"

/* A server that does not answer for so long is left. */
#define ANSWER_MS	5000

/* More than what stands before the user's name in any URL, and its host and port. */
#define PLACE_SIZE	256

static natsConnection *connection;
static jsCtx *js;
static natsSubscription *subscription;
static natsMsg *message;
static char *data;
static size_t data_size;
static char stream[256];
static __u64 first, last;
static char place[PLACE_SIZE];
/* What SIGPIPE did before; libnats ignores it. */
static void (*sigpipe)(int number) = SIG_ERR;

/* What the server refuses comes to a thread of libnats. */
static pthread_mutex_t refused_mutex;
static char refused[256];

static int fail_with(char *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int fail_with(char *why, const char *fmt, ...)
{
	int n = snprintf(why, JETSTREAM_WHY, "%s: ", place);
	va_list args;

	va_start(args, fmt);
	vsnprintf(why + n, JETSTREAM_WHY - n, fmt, args);
	va_end(args);
	for (char *c = why; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	}
	return -1;
}

/* The first server, without the user's name and password. */
static void set_place(const char *urls)
{
	size_t len = strcspn(urls, ",");
	const char *url = strstr(urls, "://") + 3, *at;

	len -= url - urls;
	at = memrchr(url, '@', len);
	if (at) {
		len -= at + 1 - url;
		url = at + 1;
	}
	snprintf(place, sizeof(place), "%.*s", (int)len, url);
}

static void make_mutex(void)
{
	pthread_mutex_init(&refused_mutex, NULL);
}

static void take_error(natsConnection *nc, natsSubscription *sub, natsStatus err, void *arg)
{
	const char *text = NULL;

	(void)sub;
	(void)arg;
	if (err != NATS_NOT_PERMITTED)
		return;
	natsConnection_GetLastError(nc, &text);
	pthread_mutex_lock(&refused_mutex);
	snprintf(refused, sizeof(refused), "%s", text ?: "it is not permitted");
	pthread_mutex_unlock(&refused_mutex);
}

/* Why there is no answer, or another one than is wanted. */
static int fail_asking(char *why, const char *what, natsStatus s)
{
	char text[sizeof(refused)];

	pthread_mutex_lock(&refused_mutex);
	memcpy(text, refused, sizeof(text));
	pthread_mutex_unlock(&refused_mutex);
	if (*text)
		return fail_with(why, "these credentials (--creds) may not do that: %s", text);
	if (s == NATS_NO_RESPONDERS || s == NATS_NOT_FOUND)
		return fail_with(why, "the server has no JetStream: begin it with --jetstream");
	if (s == NATS_TIMEOUT)
		return fail_with(why, "%s: the server does not answer", what);
	return fail_with(why, "%s: %s", what, natsStatus_GetText(s));
}

static int fail_connecting(char *why, natsStatus s)
{
	char text[JETSTREAM_WHY];

	if (s == NATS_NO_SERVER)
		return fail_with(why, "no server answers there: start it, or say another --nats");
	nats_connect_failed(s, "--", text, sizeof(text));
	return fail_with(why, "%s", text);
}

static int connect_to(const struct nats_address *to, char *why)
{
	natsOptions *opts = NULL;
	natsStatus s = natsOptions_Create(&opts);

	if (s == NATS_OK)
		s = nats_options(opts, to, "dbgportctl");
	if (s == NATS_OK)
		s = natsOptions_SetErrorHandler(opts, take_error, NULL);
	if (s == NATS_OK)
		s = natsConnection_Connect(&connection, opts);
	natsOptions_Destroy(opts);
	if (s != NATS_OK)
		return fail_connecting(why, s);
	s = natsConnection_JetStream(&js, connection, NULL);
	return s == NATS_OK ? 0 : fail_asking(why, "JetStream", s);
}

/* The names in an answer: "A","B"; NULL: there is none. */
static const char *names_in(const char *json, size_t *len)
{
	const char *names = json ? strstr(json, "\"streams\":[\"") : NULL;

	if (!names)
		return NULL;
	names += strlen("\"streams\":[");
	*len = strcspn(names, "]");
	return names;
}

static int take_name(const char *json, const char *subject, char *why)
{
	size_t len;
	const char *names = names_in(json, &len);

	if (!names)
		return fail_with(why, "no stream takes %s: say another --subject or --stream",
				 subject);
	if (memchr(names, ',', len))
		return fail_with(why, "several streams take %s: say by --stream which of %.*s",
				 subject, (int)len, names);
	snprintf(stream, sizeof(stream), "%.*s", (int)len - 2, names + 1);
	return 0;
}

static int find_stream(const char *subject, char *why)
{
	natsMsg *reply = NULL;
	char request[1100];
	natsStatus s;
	int err;

	snprintf(request, sizeof(request), "{\"subject\":\"%s\"}", subject);
	s = natsConnection_RequestString(&reply, connection, "$JS.API.STREAM.NAMES", request,
					 ANSWER_MS);
	if (s != NATS_OK)
		return fail_asking(why, "which streams there are", s);
	err = take_name(natsMsg_GetData(reply), subject, why);
	natsMsg_Destroy(reply);
	return err;
}

static int look_at_stream(char *why)
{
	jsStreamInfo *info = NULL;
	jsErrCode code = 0;
	natsStatus s = js_GetStreamInfo(&info, js, stream, NULL, &code);

	if (code == JSStreamNotFoundErr)
		return fail_with(why, "there is no stream %s: say another --stream", stream);
	if (s != NATS_OK)
		return fail_asking(why, stream, s);
	first = info->State.FirstSeq;
	last = info->State.LastSeq;
	jsStreamInfo_Destroy(info);
	return 0;
}

int jetstream_open(const struct nats_address *to, const char *name, const char *subject,
		   char *why)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_mutex);
	*refused = '\0';
	sigpipe = signal(SIGPIPE, SIG_IGN);
	set_place(to->url);
	if (connect_to(to, why))
		return -1;
	if (name)
		snprintf(stream, sizeof(stream), "%s", name);
	else if (find_stream(subject, why))
		return -1;
	return look_at_stream(why);
}

static void end_reading(void)
{
	natsMsg_Destroy(message);
	natsSubscription_Destroy(subscription);
	message = NULL;
	subscription = NULL;
}

void jetstream_close(void)
{
	end_reading();
	jsCtx_Destroy(js);
	natsConnection_Destroy(connection);
	js = NULL;
	connection = NULL;
	if (sigpipe != SIG_ERR)
		signal(SIGPIPE, sigpipe);
	sigpipe = SIG_ERR;
	free(data);
	data = NULL;
	data_size = 0;
}

const char *jetstream_name(void)
{
	return stream;
}

__u64 jetstream_first(void)
{
	return first;
}

__u64 jetstream_last(void)
{
	return last;
}

int jetstream_begin(const char *subject, enum jetstream_from from, __u64 at, __u64 *kept,
		    char *why)
{
	static const jsDeliverPolicy policies[] = {
		js_DeliverAll, js_DeliverByStartSequence, js_DeliverByStartTime,
		js_DeliverLastPerSubject,
	};
	jsConsumerInfo *info = NULL;
	jsSubOptions opts;
	natsStatus s;

	end_reading();
	jsSubOptions_Init(&opts);
	opts.Stream = stream;
	opts.Ordered = true;
	opts.Config.DeliverPolicy = policies[from];
	if (from == JETSTREAM_NUMBER)
		opts.Config.OptStartSeq = at;
	if (from == JETSTREAM_TIME)
		opts.Config.OptStartTime = at;
	s = js_SubscribeSync(&subscription, js, subject, NULL, &opts, NULL);
	if (s == NATS_OK)
		s = natsSubscription_GetConsumerInfo(&info, subscription, NULL, NULL);
	if (s != NATS_OK)
		return fail_asking(why, stream, s);
	/* Some may have been sent already. */
	*kept = info->NumPending + info->Delivered.Consumer;
	jsConsumerInfo_Destroy(info);
	return 0;
}

static natsStatus take_message(struct jetstream_message *msg)
{
	jsMsgMetaData *meta = NULL;
	natsStatus s = natsMsg_GetMetaData(&meta, message);

	if (s != NATS_OK)
		return s;
	msg->number = meta->Sequence.Stream;
	msg->time_ns = meta->Timestamp;
	jsMsgMetaData_Destroy(meta);
	msg->len = natsMsg_GetDataLength(message);
	if (msg->len >= data_size) {
		data_size = msg->len + 1;
		data = must(realloc(data, data_size));
	}
	if (msg->len)
		memcpy(data, natsMsg_GetData(message), msg->len);
	data[msg->len] = '\0';
	msg->data = data;
	msg->subject = natsMsg_GetSubject(message);
	return NATS_OK;
}

int jetstream_next(struct jetstream_message *msg, unsigned int ms, char *why)
{
	natsStatus s;

	natsMsg_Destroy(message);
	message = NULL;
	s = natsSubscription_NextMsg(&message, subscription, ms);
	if (s == NATS_TIMEOUT)
		return natsConnection_IsClosed(connection) ?
			fail_with(why, "the connection was lost") : 0;
	if (s == NATS_CONNECTION_CLOSED || s == NATS_INVALID_SUBSCRIPTION)
		return fail_with(why, "the connection was lost");
	if (s == NATS_OK)
		s = take_message(msg);
	return s == NATS_OK ? 1 : fail_asking(why, stream, s);
}

int jetstream_left(__u64 *left, char *why)
{
	jsConsumerInfo *info = NULL;
	natsStatus s = natsSubscription_GetConsumerInfo(&info, subscription, NULL, NULL);
	uint64_t queued = 0;

	if (s == NATS_OK)
		s = natsSubscription_QueuedMsgs(subscription, &queued);
	if (s != NATS_OK) {
		jsConsumerInfo_Destroy(info);
		return fail_asking(why, stream, s);
	}
	*left = info->NumPending + queued;
	jsConsumerInfo_Destroy(info);
	return 0;
}
