// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportd/router/slots.h"
#include "lib/log.h"
#include "lib/vmname.h"

#define FILE_NAME	"positions"
#define MAGIC		0x736e6f6974697370ULL
#define VERSION		1
#define FIRST_COUNT	64
#define MAX_COUNT	(1 << 20)

/**
 * struct header - how the file begins
 * @magic: MAGIC, stored last; 0 while the rest is being written
 * @version: VERSION
 * @stored_size: sizeof(struct stored)
 * @load_id: the module's load that all this is about
 */
struct header {
	__u64 magic;
	__u32 version;
	__u32 stored_size;
	__u64 load_id;
};

/**
 * struct stored - a slot, as the file has it
 * @owner: VM's id and kind; 0: free.  Stored last
 * @route: see struct slot
 * @seq: see struct slot
 * @name: see struct slot
 */
struct stored {
	__u64 owner;
	__u64 route;
	__u64 seq;
	char name[(VMNAME_SIZE + 7) & ~7];
};

static_assert(sizeof(struct stored) % sizeof(__u64) == 0, "stores must be aligned");
static_assert(sizeof(struct header) % sizeof(__u64) == 0, "stores must be aligned");

static int fd = -1;
static struct header *header;
static struct stored *stored;
static bool *held;
static int count;
static bool failure_logged;
static bool (*vm_exists)(__u32 vm);

/* What was written before is there before; only another process looks on. */
static void store(__u64 *where, __u64 value)
{
	__atomic_store_n(where, value, __ATOMIC_RELEASE);
}

static __u64 owner_of(__u32 vm, enum slot_kind kind)
{
	return (__u64)vm << 32 | kind;
}

static size_t file_size(int slots)
{
	return sizeof(*header) + slots * sizeof(*stored);
}

/*
 * Reserve the space, since a store into a file without it would end us; then
 * map the file anew.  What is new reads as 0: free.
 */
static int resize(int slots)
{
	int err = posix_fallocate(fd, 0, file_size(slots));
	bool *more;
	void *map;

	if (err)
		return -err;
	more = realloc(held, slots * sizeof(*held));
	if (!more)
		return -ENOMEM;
	held = more;
	if (header)
		map = mremap(header, file_size(count), file_size(slots), MREMAP_MAYMOVE);
	else
		map = mmap(NULL, file_size(slots), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	header = map;
	stored = (struct stored *)(header + 1);
	memset(held + count, 0, (slots - count) * sizeof(*held));
	count = slots;
	return 0;
}

static bool is_sane(const struct stored *s)
{
	__u32 vm = s->owner >> 32, kind = s->owner;

	if (!s->owner)
		return true;
	if (!vm || kind < SLOT_VM || kind > SLOT_BOOTS)
		return false;
	return memchr(s->name, '\0', VMNAME_SIZE) && vmname_is_safe(s->name);
}

/* Whether the mapped file is a table that one of us has left. */
static bool is_table(void)
{
	if (header->magic != MAGIC || header->version != VERSION ||
	    header->stored_size != sizeof(*stored))
		return false;
	for (int i = 0; i < count; i++) {
		if (!is_sane(&stored[i]))
			return false;
	}
	return true;
}

void slots_reset(__u64 load_id)
{
	if (!header)
		return;
	store(&header->magic, 0);
	memset(stored, 0, count * sizeof(*stored));
	memset(held, 0, count * sizeof(*held));
	header->version = VERSION;
	header->stored_size = sizeof(*stored);
	header->load_id = load_id;
	store(&header->magic, MAGIC);
}

/* As many slots as the file has whole; half a one is of a growth that was cut off. */
static int map_file(const char *path, __u64 load_id, off_t size)
{
	int slots = size > (off_t)sizeof(*header) ? (size - sizeof(*header)) / sizeof(*stored) : 0;
	bool fits = slots >= FIRST_COUNT && size <= (off_t)file_size(MAX_COUNT);
	int err;

	if (!fits)
		slots = FIRST_COUNT;
	if (ftruncate(fd, fits ? file_size(slots) : 0))
		return -errno;
	err = resize(slots);
	if (err)
		return err;
	if (is_table()) {
		if (header->load_id != load_id)
			slots_reset(load_id);
		return 0;
	}
	/* Empty, or with its mark not yet set: a kill came while it was made. */
	if (fits ? header->magic != 0 : size > 0)
		log_warning("%s: no table of positions that this version knows: a new one is made, and VMs are read from their oldest record",
			    path);
	slots_reset(load_id);
	return 0;
}

static int open_file(const char *path, __u64 load_id)
{
	struct stat st;

	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	return map_file(path, load_id, st.st_size);
}

int slots_open(const char *dir, __u64 load_id, bool (*exists)(__u32 vm), char *why, size_t size)
{
	char path[PATH_MAX];
	int err = -ENAMETOOLONG;

	vm_exists = exists;
	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, dir) < (int)sizeof(path))
		err = open_file(path, load_id);
	if (!err)
		return 0;
	snprintf(why, size, "%s/" FILE_NAME ": %s", dir, strerror(-err));
	slots_close();
	return err;
}

void slots_close(void)
{
	if (header)
		munmap(header, file_size(count));
	if (fd >= 0)
		close(fd);
	free(held);
	header = NULL;
	stored = NULL;
	held = NULL;
	count = 0;
	fd = -1;
	failure_logged = false;
}

int slots(void)
{
	return count;
}

bool slot_read(int i, struct slot *p)
{
	const struct stored *s = &stored[i];

	*p = (struct slot){
		.vm = s->owner >> 32,
		.kind = (__u32)s->owner,
		.route = s->route,
		.seq = s->seq,
		.name = s->name,
	};
	return s->owner;
}

int slot_find(__u32 vm, enum slot_kind kind, __u64 route)
{
	__u64 owner = owner_of(vm, kind);

	for (int i = 0; i < count; i++) {
		if (stored[i].owner == owner && stored[i].route == route)
			return i;
	}
	return -1;
}

static int find_free(int *number)
{
	int first = -1;

	*number = 0;
	for (int i = count - 1; i >= 0; i--) {
		if (stored[i].owner)
			continue;
		first = i;
		++*number;
	}
	return first;
}

/* Room for more; a quarter at least, so that it is not looked for each time. */
static int make_room(void)
{
	int number, i, err;

	slots_sweep();
	i = find_free(&number);
	if (number > count / 4)
		return i;
	err = 2 * count <= MAX_COUNT ? resize(2 * count) : -ENOSPC;
	if (!err)
		return find_free(&number);
	if (i < 0 && !failure_logged) {
		failure_logged = true;
		log_warning("positions: %s: those of more outputs are not kept", strerror(-err));
	}
	return i;
}

int slot_make(const struct slot *new)
{
	int number, i;

	if (!header)
		return -1;
	i = find_free(&number);
	if (i < 0)
		i = make_room();
	if (i < 0)
		return -1;
	stored[i].route = new->route;
	stored[i].seq = new->seq;
	memset(stored[i].name, 0, sizeof(stored[i].name));
	snprintf(stored[i].name, VMNAME_SIZE, "%s", new->name);
	store(&stored[i].owner, owner_of(new->vm, new->kind));
	held[i] = true;
	return i;
}

void slot_hold(int i, bool hold)
{
	if (i >= 0)
		held[i] = hold;
}

void slot_set_seq(int i, __u64 seq)
{
	if (i >= 0)
		store(&stored[i].seq, seq);
}

void slot_set_gone(int i)
{
	if (i >= 0)
		store(&stored[i].owner, owner_of(stored[i].owner >> 32, SLOT_GONE));
}

void slot_free(int i)
{
	if (i < 0)
		return;
	store(&stored[i].owner, 0);
	held[i] = false;
}

void slots_forget(__u32 vm, bool outputs)
{
	struct slot p;

	for (int i = 0; i < count; i++) {
		if (slot_read(i, &p) && p.vm == vm && !held[i] &&
		    (!outputs || p.kind == SLOT_OUTPUT))
			slot_free(i);
	}
}

int slots_sweep(void)
{
	struct slot p;
	int lived = 0;

	for (int i = 0; i < count; i++) {
		if (!slot_read(i, &p) || held[i] || vm_exists(p.vm))
			continue;
		lived += p.kind == SLOT_VM;
		slot_free(i);
	}
	return lived;
}
