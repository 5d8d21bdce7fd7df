// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/sink/fd_message.h"
#include "dbgportd/sink/owner.h"
#include "dbgportd/sink/retention.h"
#include "dbgportd/sink/rotate.h"
#include "dbgportd/sink/writer_message.h"
#include "dbgportd/sink/writer_process.h"
#include "lib/close_others.h"
#include "lib/replace.h"

#define DEFAULT_MODE	0640
/* What is replaced is for programs of other users. */
#define REPLACED_MODE	0644

/**
 * struct file - one file
 * @fd: -1: it is not open
 * @path: its name; NULL: it was open already when it came
 * @mode: permission bits of new ones; 0: the default, which umask restricts
 * @owner: whom new ones belong to
 * @rotates: it is rotated:
 * @rotation: when the next one is begun
 * @retention: which of all VMs' stay; NULL: all
 * @size: bytes in it
 * @at_eol: they end with a line end
 */
struct file {
	int fd;
	char *path;
	mode_t mode;
	struct owner owner;
	bool rotates;
	struct rotation rotation;
	struct retention *retention;
	__u64 size;
	bool at_eol;
};

static struct file *files;
static size_t file_count;
static char *area;

/* O_NONBLOCK: the path may lead to a FIFO or a device. */
static int open_path(const struct file *f, int flags)
{
	mode_t mask = f->mode ? umask(0) : 0;
	int fd = open(f->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW |
			O_NOCTTY | O_NONBLOCK | flags, f->mode ?: DEFAULT_MODE);

	if (f->mode)
		umask(mask);
	return fd;
}

/* One that is not there yet, given to its owner.  -1 with errno. */
static int make_path(const struct file *f)
{
	int fd = open_path(f, O_EXCL);

	if (fd < 0 || !owner_give(&f->owner, fd))
		return fd;
	close(fd);
	unlink(f->path);
	errno = EPERM;
	return -1;
}

/* One that is there stays as it is. */
static int make_or_open_path(const struct file *f)
{
	int fd = make_path(f);

	return fd < 0 && errno == EEXIST ? open_path(f, 0) : fd;
}

/*
 * A FIFO without a reader cannot be opened for writing, unless it is open for reading
 * meanwhile.  -1 with errno.
 */
static int open_fifo(const struct file *f)
{
	int reader = open(f->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int fd = reader < 0 ? -1 : open_path(f, 0);

	if (reader >= 0)
		close(reader);
	return fd;
}

/* A daemon that was killed in the middle of a line has left it like this. */
static bool ends_within_line(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	char last = '\n';
	off_t size;

	if (fd < 0)
		return false;
	size = lseek(fd, 0, SEEK_END);
	if (size > 0 && pread(fd, &last, 1, size - 1) != 1)
		last = '\n';
	close(fd);
	return last != '\n';
}

static void close_file(struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->retention)
		retention_put(f->retention);
	free(f->path);
	*f = (struct file){ .fd = -1 };
}

/* The file of that number, closed if it is new; NULL: there is no memory. */
static struct file *file_of(__u32 number)
{
	struct file *more;

	if (number < file_count)
		return &files[number];
	more = reallocarray(files, number + 1, sizeof(*files));
	if (!more)
		return NULL;
	files = more;
	while (file_count <= number)
		files[file_count++] = (struct file){ .fd = -1 };
	return &files[number];
}

static void use(struct file *f, int fd, const struct stat *st, struct writer_reply *reply)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = fd;
	if (f->retention)
		reply->unmarked = -retention_mark(fd);
	f->size = st->st_size;
	f->at_eol = !f->path || !ends_within_line(f->path);
	reply->within_line = !f->at_eol;
}

static void end_line(struct file *f, struct writer_reply *reply)
{
	if (write(f->fd, "\n", 1) != 1) {
		reply->err = errno;
		return;
	}
	f->size++;
	f->at_eol = true;
	reply->within_line = false;
}

static int rotate(struct file *f)
{
	int err = rotation_turn(&f->rotation);
	int fd = err ? -1 : make_path(f);

	if (fd < 0)
		return err ?: -errno;
	close(f->fd);
	f->fd = fd;
	if (f->retention)
		retention_mark(fd);
	f->size = 0;
	return 0;
}

static struct file *largest(const struct retention *r)
{
	struct file *found = NULL;

	for (struct file *f = files; f < files + file_count; f++) {
		if (f->retention == r && f->size && (!found || f->size > found->size))
			found = f;
	}
	return found;
}

/*
 * All files of the path stay within their bound.  Where only those are left that are
 * being written to, the largest one begins anew, and what it had goes.
 */
static int keep_within(struct file *f, size_t len)
{
	struct file *big;
	int err = 0;

	while (!err && retention_apply(f->retention, len) && (big = largest(f->retention)))
		err = rotate(big);
	for (struct file *other = files; other < files + file_count; other++) {
		if (other->retention == f->retention && other->rotates)
			rotation_look(&other->rotation);
	}
	return err;
}

/* Returns a file that is not ours to write to; -1: there is none. */
static int open_file(struct file *f, const struct writer_request *rq, struct writer_reply *reply)
{
	struct stat st;
	int fd;

	close_file(f);
	f->mode = rq->set.mode;
	f->owner = owner_of(&rq->set);
	f->path = strndup(area, rq->len);
	fd = f->path ? make_or_open_path(f) : -1;
	if (fd < 0 && errno == ENXIO) {
		reply->no_reader = true;
		fd = open_fifo(f);
	}
	if (fd < 0 || fstat(fd, &st)) {
		reply->err = errno;
		if (fd >= 0)
			close(fd);
		return -1;
	}
	reply->mode = st.st_mode;
	if (!S_ISREG(st.st_mode))
		return fd;
	f->rotates = rq->set.size || rq->set.total;
	if (f->rotates)
		rotation_init(&f->rotation, f->path, &rq->set);
	if (rq->set.total || rq->set.max_age)
		f->retention = retention_get(area + strlen(f->path) + 1, &rq->set);
	use(f, fd, &st, reply);
	if (reply->within_line && rq->end_line)
		end_line(f, reply);
	if (f->retention)
		keep_within(f, 0);
	return -1;
}

/* Somebody has moved the file away, or the one that failed may work again. */
static void reopen_file(struct file *f, struct writer_reply *reply)
{
	struct stat old, new;
	int fd = make_or_open_path(f);

	if (fd < 0 || fstat(fd, &new)) {
		reply->err = errno;
	} else if (!S_ISREG(new.st_mode)) {
		reply->err = EINVAL;
	} else if (fstat(f->fd, &old) || old.st_dev != new.st_dev || old.st_ino != new.st_ino) {
		use(f, fd, &new, reply);
		reply->changed = true;
		return;
	}
	if (fd >= 0)
		close(fd);
}

/* How much may go to the file now: a new one, if the one there is full; a negative errno. */
static ssize_t room_for(struct file *f, char *data, size_t len)
{
	const struct iovec iov = { .iov_base = data, .iov_len = len };
	int err = 0;
	size_t n;

	if (!f->rotates)
		return len;
	while (!(n = rotation_fits(&f->rotation, f->size, f->at_eol, &iov, 1)) &&
	       !(err = rotate(f)))
		;
	if (!err)
		err = rotation_make_room(&f->rotation, f->size + n);
	return err ?: (ssize_t)n;
}

static void write_file(struct file *f, size_t len, struct writer_reply *reply)
{
	while (reply->done < len && !reply->err) {
		char *data = area + reply->done;
		ssize_t n = room_for(f, data, len - reply->done);
		int err = 0;

		if (n > 0 && f->retention && retention_is_due(f->retention, n))
			err = keep_within(f, n);
		if (n < 0 || err) {
			reply->err = err ? -err : -n;
			reply->rotates = true;
			return;
		}
		n = write(f->fd, data, n);
		if (n > 0) {
			reply->done += n;
			f->size += n;
			if (f->retention)
				f->retention->have += n;
			f->at_eol = data[n - 1] == '\n';
		} else if (!n || errno != EINTR) {
			reply->err = n ? errno : EIO;
		}
	}
}

static void replace(size_t len, struct writer_reply *reply)
{
	char new[PATH_MAX];
	mode_t mask;

	if (snprintf(new, sizeof(new), "%s.new", area) >= (int)sizeof(new)) {
		reply->err = ENAMETOOLONG;
		return;
	}
	mask = umask(0);
	reply->err = -replace_file(area, new, REPLACED_MODE, area + strlen(area) + 1, len);
	umask(mask);
}

static void serve(int fd, const struct writer_request *rq, int with)
{
	struct writer_reply reply = { 0 };
	struct file *f = file_of(rq->file);
	struct stat st;
	int give = -1;

	if (!f) {
		reply.err = ENOMEM;
	} else if (rq->op == WRITER_OPEN) {
		give = open_file(f, rq, &reply);
	} else if (rq->op == WRITER_ADOPT) {
		close_file(f);
		if (fstat(with, &st)) {
			reply.err = errno;
		} else {
			reply.mode = st.st_mode;
			use(f, with, &st, &reply);
			with = -1;
		}
	} else if (rq->op == WRITER_WRITE) {
		write_file(f, rq->len, &reply);
	} else if (rq->op == WRITER_REOPEN) {
		reopen_file(f, &reply);
	} else if (rq->op == WRITER_REPLACE) {
		replace(rq->len, &reply);
	} else if (rq->op == WRITER_REMOVE) {
		reply.err = unlink(area) ? errno : 0;
	} else {
		close_file(f);
		return;
	}
	if (with >= 0)
		close(with);
	/* There is one request at a time, so there is room for its reply. */
	if (fd_message_send(fd, &reply, sizeof(reply), give))
		_exit(1);
	if (give >= 0)
		close(give);
}

void writer_process(int fd, char *shared)
{
	struct writer_request rq;
	int with;

	area = shared;
	prctl(PR_SET_NAME, "dbgportd-writer");
	/* A pipe on standard output must not be kept open by us. */
	close_others(0, fd);
	while (!fd_message_receive(fd, &rq, sizeof(rq), &with, 0))
		serve(fd, &rq, with);
	_exit(0);
}
