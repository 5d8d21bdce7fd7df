// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/spool/filling.h"
#include "dbgportd/spool/marks.h"
#include "dbgportd/spool/missing.h"
#include "dbgportd/spool/segments.h"
#include "dbgportd/spool/spool.h"

/* Of the bound: so much goes at once where more would wait. */
#define SEGMENTS	8
/* Marks, of which each segment has all, are at most a part of it. */
#define BYTES_A_MARK	1024
/* The file that says how far all is acknowledged. */
#define ACKED_NAME	"acknowledged"

/**
 * struct spool - one
 * @mutex: for all below
 * @segments: what is in the directory, which is locked
 * @acked_fd: how far: @acked, as a number
 * @fd: the last segment; -1: the next put begins one
 * @bound: bytes on disk
 * @marks: of what was put
 * @next: number of the next frame
 * @acked: number of the first frame that is not acknowledged
 * @read_fd: the segment that is being read; -1: none yet
 * @read_first: its first number
 * @read_at: where in it the next frame is
 * @read_next: the number of that
 * @waiting: bytes of objects
 * @dropped: those of others
 * @is_synced: nothing was put since spool_sync()
 */
struct spool {
	pthread_mutex_t mutex;
	struct segments segments;
	int acked_fd;
	int fd;
	__u64 bound;
	struct marks marks;
	__u64 next;
	__u64 acked;
	int read_fd;
	__u64 read_first;
	off_t read_at;
	__u64 read_next;
	__u64 waiting;
	__u64 dropped;
	bool is_synced;
};

static int fill_mark(void *arg, const struct object_head *head)
{
	char text[OBJECT_HEAD_MAX + 4];
	size_t n = object_head_print(text, head);

	memcpy(text + n, "{}", 2);
	return filling_put(arg, text, n + 2);
}

static int begin_segment(struct spool *s)
{
	struct filling f = {
		.all = &s->segments,
		.seg = { .first = s->next, .end = s->next },
		.marks = true,
	};
	int err = filling_begin(&f);
	struct segment *seg;

	if (err)
		return err;
	marks_age(&s->marks);
	err = filling_end(&f, marks_each(&s->marks, fill_mark, &f));
	if (err)
		return err;
	/* One without a frame has been replaced by this one. */
	if (s->segments.count && segments_last(&s->segments)->first == s->next)
		s->segments.count--;
	seg = segments_insert(&s->segments, s->segments.count);
	if (!seg) {
		close(f.fd);
		return -ENOMEM;
	}
	*seg = f.seg;
	if (s->fd >= 0) {
		fdatasync(s->fd);
		close(s->fd);
	}
	s->fd = f.fd;
	fsync(s->segments.dir);
	return 0;
}

/* The number of the segment that is being read. */
static size_t reading(const struct spool *s)
{
	const struct segments *all = &s->segments;
	size_t i = 0;

	while (s->read_fd >= 0 && i + 1 < all->count && all->at[i].first != s->read_first)
		i++;
	return i;
}

/**
 * struct dropping - segments that make way
 * @s: their spool
 * @missing: what they had
 */
struct dropping {
	struct spool *s;
	struct missing missing;
};

static int miss(void *arg, __u64 number, const char *text, size_t len, bool mark)
{
	struct dropping *d = arg;
	struct object_head head;
	const char *json;

	(void)number;
	if (mark)
		return 0;
	json = object_head_parse(&head, text, len);
	d->s->waiting -= len;
	return json ? missing_add(&d->missing, &head, text + len - json) : 0;
}

/* Segments @i to @end - 1 have made way for @f. */
static void replace_segments(struct spool *s, size_t i, size_t end, const struct filling *f)
{
	close(f->fd);
	for (size_t k = i + 1; k < end; k++)
		segments_remove(&s->segments, i + 1);
	segments_unlink(&s->segments, &s->segments.at[i]);
	s->segments.at[i] = f->seg;
}

/* Segments @i to @end - 1 make way for one that tells what they had. */
static int drop_segments(struct spool *s, size_t i, size_t end)
{
	struct segment *at = s->segments.at;
	struct filling f = {
		.all = &s->segments,
		.seg = {
			.first = at[i].first, .end = at[i].first,
			.last = at[end].first - 1, .tells = true,
		},
	};
	struct dropping d = { .s = s };
	__u64 waiting = s->waiting;
	int err = 0;

	for (size_t k = i; k < end && !err; k++)
		err = segments_scan(&s->segments, &at[k], miss, &d);
	if (!err)
		err = filling_begin(&f);
	if (!err)
		err = filling_end(&f, missing_tell(&d.missing, filling_put, &f));
	if (err) {
		s->waiting = waiting;
	} else {
		s->waiting += f.len;
		s->dropped += d.missing.bytes;
		replace_segments(s, i, end, &f);
	}
	missing_free(&d.missing);
	return err;
}

/* What is being read stays, and what is being written. */
static int make_room(struct spool *s, __u64 bytes)
{
	int err = 0;

	while (!err && segments_bytes(&s->segments) + bytes > s->bound) {
		size_t i = reading(s) + 1;
		size_t end = i + 1 + (i < s->segments.count && s->segments.at[i].tells);

		if (end >= s->segments.count)
			return -ENOSPC;
		err = drop_segments(s, i, end);
	}
	return err;
}

/* What was dropped before it came here has no number yet that tells it from others. */
static size_t name_dropped(char *text, struct object_head *head, const char *json, size_t len)
{
	const char *bytes = memmem(json, len, "\"bytes\":", 8);
	size_t n;

	head->begin = (struct object_place){ 0 };
	head->end = (struct object_place){ 0 };
	if (bytes)
		head->end.seq = strtoull(bytes + 8, NULL, 10);
	while (getrandom(&head->load, sizeof(head->load), 0) < 0)
		;
	n = object_head_print(text, head);
	memcpy(text + n, json, len);
	return n + len;
}

static int put_frame(struct spool *s, const char *text, size_t len)
{
	__u64 most = s->bound / SEGMENTS;
	ssize_t n;
	int err;

	if (s->fd < 0 || (segments_last(&s->segments)->end > segments_last(&s->segments)->first &&
			  segments_last(&s->segments)->bytes + len > most)) {
		err = make_room(s, most);
		if (!err)
			err = begin_segment(s);
		if (err)
			return err;
	}
	n = segment_write(s->fd, segments_last(&s->segments)->bytes, text, len, false);
	if (n < 0)
		return n;
	segments_last(&s->segments)->bytes += n;
	segments_last(&s->segments)->end = ++s->next;
	s->waiting += len;
	s->is_synced = false;
	return 0;
}

static int put_line(struct spool *s, const char *line, size_t len)
{
	char text[SEGMENT_TEXT_MAX];
	struct object_head head;
	const char *json = len <= sizeof(text) - OBJECT_HEAD_MAX ?
		object_head_parse(&head, line, len) : NULL;
	int err;

	if (!json || marks_have(&s->marks, &head))
		return 0;
	if (head.track == OBJECT_DROPPED) {
		len = name_dropped(text, &head, json, line + len - json);
		line = text;
	}
	err = put_frame(s, line, len);
	if (!err)
		marks_set(&s->marks, &head);
	return err;
}

int spool_put(struct spool *s, const char *lines, size_t len, size_t *done)
{
	const char *end;
	int err = 0;

	pthread_mutex_lock(&s->mutex);
	for (*done = 0; *done < len; *done = end + 1 - lines) {
		end = memchr(lines + *done, '\n', len - *done) ?: lines + len - 1;
		err = put_line(s, lines + *done, end - lines - *done);
		if (err)
			break;
	}
	pthread_mutex_unlock(&s->mutex);
	return err;
}

static int begin_reading(struct spool *s, const struct segment *seg)
{
	int fd = segments_open(&s->segments, seg, O_RDONLY);

	if (fd < 0)
		return -errno;
	if (s->read_fd >= 0)
		close(s->read_fd);
	s->read_fd = fd;
	s->read_first = seg->first;
	s->read_next = seg->first;
	s->read_at = 0;
	return 0;
}

/* The segment that the next frame is in; 1, 0 if there is none, or a negative errno. */
static int find_next(struct spool *s)
{
	size_t i = reading(s);
	int err = 0;

	if (!s->segments.count)
		return 0;
	if (s->read_fd < 0)
		err = begin_reading(s, &s->segments.at[i]);
	while (!err && s->read_next >= s->segments.at[i].end) {
		if (++i == s->segments.count)
			return 0;
		err = begin_reading(s, &s->segments.at[i]);
	}
	return err ?: 1;
}

/* As spool_take(), whatever was acknowledged. */
static int read_next(struct spool *s, char *text, size_t *len)
{
	int found = find_next(s);
	bool mark = true;
	ssize_t n = 1;

	while (found > 0 && mark && n > 0) {
		n = segment_read(s->read_fd, s->read_at, text, len, &mark);
		if (n > 0)
			s->read_at += n;
	}
	if (found <= 0)
		return found;
	if (n <= 0)
		return n ?: -EIO;
	s->read_next++;
	return 1;
}

int spool_take(struct spool *s, struct spooled *to)
{
	char text[SEGMENT_TEXT_MAX];
	int found;

	pthread_mutex_lock(&s->mutex);
	do {
		found = read_next(s, text, &to->len);
	} while (found > 0 && s->read_next <= s->acked);
	to->number = s->read_next - 1;
	pthread_mutex_unlock(&s->mutex);
	if (found <= 0)
		return found;
	to->text = malloc(to->len + 1);
	if (!to->text)
		return -ENOMEM;
	memcpy(to->text, text, to->len);
	to->text[to->len] = '\0';
	return 1;
}

static void keep_acked(struct spool *s)
{
	while (s->segments.count > 1 && s->segments.at[0].end <= s->acked &&
	       s->segments.at[0].first != s->read_first)
		segments_remove(&s->segments, 0);
	/* What is acknowledged and not written down is sent twice at worst, and recognised. */
	if (pwrite(s->acked_fd, &s->acked, sizeof(s->acked), 0) < 0)
		return;
}

void spool_acknowledge(struct spool *s, __u64 number, size_t len)
{
	pthread_mutex_lock(&s->mutex);
	s->acked = number + 1;
	s->waiting -= len;
	keep_acked(s);
	pthread_mutex_unlock(&s->mutex);
}

void spool_sync(struct spool *s)
{
	/* Only the thread that puts opens and closes it. */
	if (s->is_synced)
		return;
	s->is_synced = true;
	fdatasync(s->fd);
	fdatasync(s->acked_fd);
}

static __u64 get(struct spool *s, const __u64 *number)
{
	__u64 n;

	pthread_mutex_lock(&s->mutex);
	n = *number;
	pthread_mutex_unlock(&s->mutex);
	return n;
}

__u64 spool_waiting(struct spool *s)
{
	return get(s, &s->waiting);
}

__u64 spool_dropped(struct spool *s)
{
	return get(s, &s->dropped);
}

static int make_dirs(const char *dir)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s", dir) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	for (char *c = path + 1;; c++) {
		char was = *c;

		if (was && was != '/')
			continue;
		*c = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
		if (!was)
			return 0;
		*c = was;
	}
}

static int open_dir(struct spool *s, const char *dir, void (*wait)(const char *dir))
{
	int err = make_dirs(dir);

	if (err)
		return err;
	s->segments.dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->segments.dir < 0)
		return -errno;
	if (!flock(s->segments.dir, LOCK_EX | LOCK_NB))
		return 0;
	if (errno != EWOULDBLOCK)
		return -errno;
	wait(dir);
	return flock(s->segments.dir, LOCK_EX) ? -errno : 0;
}

static int open_acked(struct spool *s)
{
	s->acked_fd = openat(s->segments.dir, ACKED_NAME,
			     O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->acked_fd < 0)
		return -errno;
	if (pread(s->acked_fd, &s->acked, sizeof(s->acked), 0) != sizeof(s->acked))
		s->acked = 0;
	return 0;
}

/**
 * struct loading - a segment that was there when the spool was opened
 * @s: the spool
 * @last: it is the last one, which has all marks
 */
struct loading {
	struct spool *s;
	bool last;
};

static int see_loaded(void *arg, __u64 number, const char *text, size_t len, bool mark)
{
	const struct loading *l = arg;
	struct object_head head;

	if (l->last && object_head_parse(&head, text, len))
		marks_set(&l->s->marks, &head);
	if (!mark && number >= l->s->acked)
		l->s->waiting += len;
	return 0;
}

/* What stands behind the last whole frame of a segment. */
static int cut_tail(struct spool *s, struct segment *seg, bool last)
{
	int fd = segments_open(&s->segments, seg, O_RDWR);
	struct stat st;

	if (fd < 0)
		return -errno;
	/* Of the last one it is torn, and comes again; elsewhere the disk has lost something. */
	if (!last && !fstat(fd, &st))
		s->dropped += st.st_size - seg->bytes;
	if (last && !seg->tells && !ftruncate(fd, seg->bytes))
		s->fd = fd;
	else
		close(fd);
	return 0;
}

static int load_segments(struct spool *s)
{
	struct segments *all = &s->segments;
	int err = segments_list(all);

	for (size_t i = 0; i < all->count && !err; i++) {
		struct loading l = { .s = s, .last = i + 1 == all->count };

		err = segments_scan(all, &all->at[i], see_loaded, &l);
		if (!err)
			err = cut_tail(s, &all->at[i], l.last);
		s->next = all->at[i].end;
	}
	if (err)
		return err;
	/* After a host went down the file may be behind what was acknowledged. */
	if (s->next < s->acked) {
		s->next = s->acked;
		if (s->fd >= 0)
			close(s->fd);
		s->fd = -1;
	}
	s->is_synced = true;
	return 0;
}

struct spool *spool_open(const char *dir, __u64 bound, void (*wait)(const char *dir), int *err)
{
	struct spool *s = calloc(1, sizeof(*s));

	*err = -ENOMEM;
	if (!s)
		return NULL;
	pthread_mutex_init(&s->mutex, NULL);
	s->segments.dir = -1;
	s->fd = -1;
	s->acked_fd = -1;
	s->read_fd = -1;
	s->bound = bound;
	s->marks.max = bound / BYTES_A_MARK < MARKS_MAX ? bound / BYTES_A_MARK : MARKS_MAX;
	*err = open_dir(s, dir, wait);
	if (!*err)
		*err = open_acked(s);
	if (!*err)
		*err = load_segments(s);
	if (!*err)
		return s;
	spool_close(s);
	return NULL;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

void spool_close(struct spool *s)
{
	if (s->fd >= 0)
		spool_sync(s);
	close_if_open(s->fd);
	close_if_open(s->read_fd);
	close_if_open(s->acked_fd);
	close_if_open(s->segments.dir);
	marks_free(&s->marks);
	free(s->segments.at);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}
