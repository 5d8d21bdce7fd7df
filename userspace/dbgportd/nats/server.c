// SPDX-License-Identifier: GPL-2.0
#include <nats/nats.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgportd/nats/inbox.h"
#include "dbgportd/nats/server.h"
#include "lib/nats_options.h"

static struct __natsConnection *connection;
static jsCtx *js;
static natsSubscription *subscription;
static char *inbox;
static char stream[256];

static int fail(char *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int fail(char *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why, SERVER_WHY, fmt, args);
	va_end(args);
	return -1;
}

/* The number behind "@key": in an answer; 0: there is none. */
static __u64 number_of(const char *json, const char *key)
{
	const char *at = strstr(json, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static void read_answer(struct answer *a, natsMsg *msg)
{
	const char *data = natsMsg_GetData(msg), *why;

	if (natsMsg_IsNoResponders(msg) || !data)
		return;
	if (!strstr(data, "\"error\"")) {
		a->seq = number_of(data, "\"seq\":");
		return;
	}
	a->code = number_of(data, "\"err_code\":") ?: number_of(data, "\"code\":") ?: 1;
	why = strstr(data, "\"description\":\"");
	if (why)
		snprintf(a->why, sizeof(a->why), "%.*s", (int)strcspn(why + 15, "\""), why + 15);
}

static void take_answer(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *arg)
{
	const char *number = strrchr(natsMsg_GetSubject(msg), '.');
	struct answer *a = calloc(1, sizeof(*a));

	(void)nc;
	(void)sub;
	(void)arg;
	if (a) {
		a->number = number ? strtoull(number + 1, NULL, 10) : 0;
		read_answer(a, msg);
		inbox_put(a);
	}
	natsMsg_Destroy(msg);
}

static void connection_closed(natsConnection *nc, void *arg)
{
	(void)nc;
	inbox_lose((unsigned long)arg);
}

static natsStatus set_options(natsOptions *opts, const struct nats_address *to,
			      unsigned long number)
{
	natsStatus s = nats_options(opts, to, "dbgportd");

	if (s == NATS_OK)
		s = natsOptions_SetWriteDeadline(opts, SERVER_ANSWER_MS);
	if (s == NATS_OK)
		s = natsOptions_SetSendAsap(opts, true);
	if (s == NATS_OK)
		s = natsOptions_SetClosedCB(opts, connection_closed, (void *)number);
	return s;
}

static natsStatus subscribe(void)
{
	char subject[512];
	natsStatus s = natsConnection_JetStream(&js, connection, NULL);

	if (s == NATS_OK)
		s = natsInbox_Create(&inbox);
	if (s != NATS_OK)
		return s;
	snprintf(subject, sizeof(subject), "%s.*", inbox);
	return natsConnection_Subscribe(&subscription, connection, subject, take_answer, NULL);
}

/* The stream that takes @subject. */
static int find_stream(const struct nats_address *to, const char *subject, char *why)
{
	char request[OBJECT_SUBJECT_SIZE + 32];
	natsMsg *reply = NULL;
	const char *name = NULL;
	natsStatus s;

	snprintf(request, sizeof(request), "{\"subject\":\"%s\"}", subject);
	s = natsConnection_RequestString(&reply, connection, "$JS.API.STREAM.NAMES", request,
					 SERVER_ANSWER_MS);
	if (s == NATS_NO_RESPONDERS)
		return fail(why, "the server has no JetStream");
	if (s != NATS_OK)
		return fail(why, "the server does not answer: %s", natsStatus_GetText(s));
	if (natsMsg_GetData(reply))
		name = strstr(natsMsg_GetData(reply), "\"streams\":[\"");
	*stream = '\0';
	if (name)
		snprintf(stream, sizeof(stream), "%.*s", (int)strcspn(name + 12, "\""), name + 12);
	natsMsg_Destroy(reply);
	return *stream ? 0 : fail(why, "no stream takes %s.>: make one, as dbgportd(1) says",
				  to->subject);
}

int server_connect(const struct nats_address *to, const char *subject, char *why)
{
	unsigned long number = inbox_connect();
	natsOptions *opts = NULL;
	natsStatus s = natsOptions_Create(&opts);

	if (s == NATS_OK)
		s = set_options(opts, to, number);
	if (s != NATS_OK) {
		natsOptions_Destroy(opts);
		return fail(why, "its options cannot be used: %s", natsStatus_GetText(s));
	}
	s = natsConnection_Connect(&connection, opts);
	natsOptions_Destroy(opts);
	if (s != NATS_OK) {
		nats_connect_failed(s, "", why, SERVER_WHY);
		return -1;
	}
	s = subscribe();
	if (s != NATS_OK)
		return fail(why, "cannot begin: %s", natsStatus_GetText(s));
	return find_stream(to, subject, why);
}

void server_disconnect(void)
{
	natsSubscription_Destroy(subscription);
	jsCtx_Destroy(js);
	natsConnection_Destroy(connection);
	natsInbox_Destroy(inbox);
	subscription = NULL;
	js = NULL;
	connection = NULL;
	inbox = NULL;
}

const char *server_stream(void)
{
	return stream;
}

int server_publish(const struct server_message *msg, char *why)
{
	char reply[512], after[24];
	natsMsg *m = NULL;
	natsStatus s;

	snprintf(reply, sizeof(reply), "%s.%llu", inbox, msg->number);
	snprintf(after, sizeof(after), "%llu", msg->after);
	s = natsMsg_Create(&m, msg->subject, reply, msg->data, msg->len);
	if (s == NATS_OK)
		s = natsMsgHeader_Set(m, "Nats-Msg-Id", msg->id);
	if (s == NATS_OK)
		s = natsMsgHeader_Set(m, "Nats-Expected-Last-Subject-Sequence", after);
	if (s == NATS_OK)
		s = natsConnection_PublishMsg(connection, m);
	natsMsg_Destroy(m);
	return s == NATS_OK ? 0 : fail(why, "cannot send: %s", natsStatus_GetText(s));
}

int server_last(const char *subject, __u64 *seq, char id[OBJECT_ID_SIZE], char *why)
{
	natsMsg *msg = NULL;
	jsErrCode code = 0;
	natsStatus s = js_GetLastMsg(&msg, js, stream, subject, NULL, &code);
	const char *its_id;

	*seq = 0;
	*id = '\0';
	if (s == NATS_NOT_FOUND)
		return 0;
	if (s != NATS_OK)
		return fail(why, "stream %s cannot be read: %s", stream, natsStatus_GetText(s));
	*seq = natsMsg_GetSequence(msg);
	if (natsMsgHeader_Get(msg, "Nats-Msg-Id", &its_id) == NATS_OK)
		snprintf(id, OBJECT_ID_SIZE, "%s", its_id);
	natsMsg_Destroy(msg);
	return 0;
}
