// SPDX-License-Identifier: GPL-2.0
/*
 * nats=URL: each object a message to a stream of NATS JetStream.
 *
 * A process of its own (nats/process.h) stores what comes in a spool, and sends it from
 * there.  For the stream here the spool is a regular file: what is in it has been written.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/loop/clock.h"
#include "dbgportd/nats/news.h"
#include "dbgportd/nats/process.h"
#include "dbgportd/sink/kinds.h"
#include "dbgportd/sink/regular.h"
#include "dbgportd/sink/settings.h"
#include "dbgportd/sink/sink.h"
#include "dbgportd/spool/object.h"
#include "lib/default_dir.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/nats_address.h"

/* Where libnats was missing as this was built, there is none. */
#ifdef HAVE_NATS
static writer_process_t *const process = nats_process;
#else
static writer_process_t *const process;
#endif

/* What waits while the spool cannot be written. */
#define BOUND		(1024 * 1024)
/* How long to wait for the spool to be opened, as the daemon starts. */
#define OPEN_MS		2000
/* How long the server may take for the rest, once all is over. */
#define PATIENCE_MS	10000
#define CHECK_MS	20

static_assert(OBJECT_HEAD_MAX <= SINK_HEAD_MAX, "there is room for it");

/* What the daemon had to drop is of no VM: a HEAD, and the object. */
static const struct drop_notice notice = {
	"0 0 0 10006 0.0 0.0 " OBJECT_NO_VM " {\"type\":\"dropped\",\"bytes\":", "}\n",
};

static_assert(OBJECT_DROPPED == 0x10006, "as the notice has it");

/**
 * struct nats - one server, and a prefix of subjects
 * @sink: what the router knows of it
 * @regular: who opens and writes its spool
 * @opening: nats_open() waits for that
 * @err: why it could not be opened, an errno; 0: nothing is known
 * @pipe: where news come from
 * @news: waits for them
 * @last: the last ones
 * @ending: it is to be closed when
 * @deadline: this is loop_now(), if the server has not got all before
 * @check: looks whether it has
 * @config: for the process, behind @path
 * @path: in the spool's directory
 */
struct nats {
	struct sink sink;
	struct regular regular;
	bool opening;
	int err;
	int pipe[2];
	struct event news;
	struct nats_news last;
	bool ending;
	__u64 deadline;
	struct event check;
	char *config;
	char path[PATH_MAX];
};

static struct nats *to_nats(struct sink *sink)
{
	return container_of(sink, struct nats, sink);
}

static void explain(const struct nats *n, int err, char *why, size_t size)
{
	snprintf(why, size, "%s: its spool, %s: %s", n->sink.stream.name, n->path, strerror(err));
}

static void log_news(const struct nats *n, const struct nats_news *news)
{
	const char *name = n->sink.stream.name;

	if (news->unserved && (!n->last.unserved || strcmp(news->text, n->last.text)))
		log_limited(LOG_LEVEL_WARNING, "%s: %s; what comes waits in its spool", name,
			    news->text);
	else if (!news->unserved && n->last.unserved)
		log_limited(LOG_LEVEL_INFO, "%s: the server takes it again", name);
	if (news->dropped && !n->last.dropped)
		log_limited(LOG_LEVEL_WARNING, "%s: its spool is full: the oldest goes", name);
}

static void read_news(struct nats *n)
{
	struct stream *s = &n->sink.stream;
	struct nats_news news;

	while (read(n->pipe[0], &news, sizeof(news)) == sizeof(news)) {
		news.text[sizeof(news.text) - 1] = '\0';
		log_news(n, &news);
		/* Another process counts anew. */
		if (news.dropped < n->last.dropped)
			n->last.dropped = 0;
		stream_count_dropped(s, news.dropped - n->last.dropped);
		s->behind = news.waiting;
		s->unserved = news.unserved;
		n->last = news;
	}
}

static bool has_ended(struct nats *n)
{
	const struct stream *s = &n->sink.stream;

	read_news(n);
	return s->dead || s->stalled || s->unserved || loop_now() >= n->deadline ||
	       (stream_is_empty(s) && !s->behind);
}

static void maybe_ended(struct nats *n)
{
	if (!n->ending)
		return;
	if (!has_ended(n)) {
		if (!n->check.busy)
			loop_timeout(&n->check, CHECK_MS);
		return;
	}
	loop_cancel(&n->check);
	loop_cancel(&n->news);
	if (!n->check.busy && !n->news.busy)
		stream_close(&n->sink.stream);
}

static void news_done(struct event *ev, int res)
{
	struct nats *n = container_of(ev, struct nats, news);

	(void)res;
	read_news(n);
	maybe_ended(n);
}

static void check_done(struct event *ev, int res)
{
	(void)res;
	maybe_ended(container_of(ev, struct nats, check));
}

static void release(struct nats *n)
{
	close(n->pipe[0]);
	close(n->pipe[1]);
	free(n->config);
	free(n);
}

static void nats_closed(struct stream *s)
{
	struct nats *n = to_nats(container_of(s, struct sink, stream));

	if (!n->opening)
		sink_log_dropped(s);
	regular_end(&n->regular);
	release(n);
	sink_count(-1);
}

static void nats_died(struct stream *s, int err)
{
	const struct nats *n = to_nats(container_of(s, struct sink, stream));
	char why[2 * PATH_MAX];

	if (n->opening)
		return;
	explain(n, err, why, sizeof(why));
	log_limited(LOG_LEVEL_WARNING, "%s: its output is dropped", why);
}

static void nats_opened(struct regular *r, const struct writer_reply *reply, int fd)
{
	struct nats *n = container_of(r, struct nats, regular);

	(void)fd;
	n->err = reply->err;
	if (n->err)
		stream_kill(&n->sink.stream, n->err);
}

/* The directory has the name of what the sink is known by. */
static int set_path(struct nats *n, const char *name, char *why, size_t size)
{
	const char *dir = default_state_dir();

	if (!dir) {
		snprintf(why, size,
			 "%s: there is no directory for its spool: set XDG_STATE_HOME", name);
		return -1;
	}
	if (snprintf(n->path, sizeof(n->path), "%s/nats-%016llx/spool", dir,
		     hash(name, strlen(name))) >= (int)sizeof(n->path)) {
		snprintf(why, size, "%s: the path of its spool is too long", name);
		return -1;
	}
	return 0;
}

static int begin(struct nats *n, const struct sink_request *rq)
{
	const struct sink_settings *set = rq->set;
	struct stream *s = &n->sink.stream;

	n->sink.ops = rq->kind;
	n->sink.eol = "\n";
	n->sink.shared = true;
	n->news.done = news_done;
	n->check.done = check_done;
	n->regular = (struct regular){
		.stream = s,
		.path = n->path,
		.pattern = n->config,
		.along = n->pipe[1],
		.set = *set,
		.process = process,
		.opened = nats_opened,
	};
	s->notice = &notice;
	s->blocks = set->full == FULL_BLOCK;
	s->gathers = true;
	s->at_eol = true;
	s->died = nats_died;
	s->closed = nats_closed;
	if (stream_init(s, -1, STREAM_REGULAR, set->queue ?: BOUND, rq->path))
		return -ENOMEM;
	return regular_begin(&n->regular);
}

static struct nats *make(const struct sink_request *rq, char *why, size_t size)
{
	const struct sink_server *server = &rq->server;
	struct nats *n = calloc(1, sizeof(*n));

	if (!n || pipe2(n->pipe, O_CLOEXEC | O_NONBLOCK)) {
		snprintf(why, size, "%s: %s", rq->path, strerror(errno));
		free(n);
		return NULL;
	}
	if (asprintf(&n->config, "%s\n%s\n%s\n%s", server->url, server->subject ?: NATS_SUBJECT,
		     server->creds ?: "", server->tls ?: "") < 0)
		n->config = NULL;
	/* The process reads the files once more. */
	if (n->config && !nats_files_check(server->creds, server->tls, "", why, size) &&
	    !set_path(n, rq->path, why, size))
		return n;
	release(n);
	return NULL;
}

static struct sink *nats_open(const struct sink_request *rq, char *why, size_t size)
{
	struct nats *n;
	int err;

	if (!process) {
		snprintf(why, size, "%s: this dbgportd was built without libnats", rq->path);
		errno = EOPNOTSUPP;
		return NULL;
	}
	n = make(rq, why, size);
	if (!n)
		return NULL;
	n->opening = true;
	n->err = -begin(n, rq);
	if (!n->sink.stream.name) {
		snprintf(why, size, "%s: no memory", rq->path);
		release(n);
		return NULL;
	}
	sink_count(1);
	if (!n->err)
		regular_wait_open(&n->regular, OPEN_MS);
	err = n->err;
	if (err) {
		explain(n, err, why, size);
		stream_kill(&n->sink.stream, err);
		stream_close(&n->sink.stream);
		errno = err;
		return NULL;
	}
	n->opening = false;
	loop_watch(&n->news, n->pipe[0], POLLIN);
	return &n->sink;
}

static void nats_reopen(struct sink *sink)
{
	regular_reopen(&to_nats(sink)->regular);
}

static void nats_close(struct sink *sink)
{
	struct nats *n = to_nats(sink);

	n->ending = true;
	n->deadline = loop_now() + PATIENCE_MS;
	maybe_ended(n);
}

static size_t nats_head(char *dst, const struct entry *entry)
{
	struct object_head head;

	object_head_of(&head, entry);
	return object_head_print(dst, &head);
}

const struct sink_ops sink_nats = {
	.name = "nats",
	.arg = "URL",
	.check = nats_url_check,
	.help = "messages of JSON to a stream of NATS JetStream, each once, by way of a spool",
	.json = true,
	.open = nats_open,
	.head = nats_head,
	.put = sink_put_stream,
	.reopen = nats_reopen,
	.close = nats_close,
};
