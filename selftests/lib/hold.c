// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hold.h"

#define PAGE		4096
#define FILE_ID		2
#define BUFFER_SIZE	(FUSE_MIN_READ_BUFFER + PAGE)

/* 0 and @len bytes of @out, or a negative errno. */
static void answer(int fuse, uint64_t unique, int error, const void *out, size_t len)
{
	struct fuse_out_header header = {
		.len = sizeof(header) + len,
		.error = error,
		.unique = unique,
	};
	struct iovec iov[] = {
		{ &header, sizeof(header) }, { (void *)out, len },
	};

	/* ENOENT: whoever has asked does not want to know any more. */
	if (writev(fuse, iov, 2) < 0 && errno != ENOENT)
		err(1, "fuse");
}

static struct fuse_attr attr_of(uint64_t node)
{
	return (struct fuse_attr) {
		.ino = node,
		.size = node == FILE_ID ? PAGE : 0,
		.mode = node == FILE_ID ? S_IFREG | 0644 : S_IFDIR | 0755,
		.nlink = 1,
	};
}

static void serve(int fuse, const struct fuse_in_header *in, int reached)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = 31,
		.max_write = PAGE,
	};
	const struct fuse_entry_out entry = {
		.nodeid = FILE_ID,
		.attr = attr_of(FILE_ID),
	};
	const struct fuse_attr_out attr = { .attr = attr_of(in->nodeid) };
	const struct fuse_open_out open = { 0 };

	switch (in->opcode) {
	case FUSE_INIT:
		answer(fuse, in->unique, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		answer(fuse, in->unique, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		answer(fuse, in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		answer(fuse, in->unique, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		if (write(reached, "", 1) != 1)
			err(1, "pipe");
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(fuse, in->unique, -EOPNOTSUPP, NULL, 0);
	}
}

static void serve_all(int fuse, int reached)
{
	char *buffer = malloc(BUFFER_SIZE);

	for (;;) {
		ssize_t len = read(fuse, buffer, BUFFER_SIZE);

		if (len >= (ssize_t)sizeof(struct fuse_in_header))
			serve(fuse, (void *)buffer, reached);
		else if (len < 0 && errno == ENODEV)
			_exit(0);
		else if (len < 0 && errno != EINTR && errno != EAGAIN && errno != ENOENT)
			err(1, "/dev/fuse");
	}
}

void hold_begin(struct hold *hold)
{
	char options[96];
	int reached[2];
	int opened, fuse;

	/* Where it is not built in. */
	if (access("/dev/fuse", F_OK) && system("modprobe -q fuse"))
		errx(1, "there is no FUSE");
	snprintf(hold->dir, sizeof(hold->dir), "/tmp/hold.XXXXXX");
	if (!mkdtemp(hold->dir))
		err(1, "%s", hold->dir);
	opened = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	fuse = fcntl(opened, F_DUPFD_CLOEXEC, 5);
	if (fuse < 0 || pipe2(reached, O_CLOEXEC))
		err(1, "/dev/fuse, or pipe");
	/* The server's is to be the last one, or its end would not let go. */
	close(opened);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40755,user_id=0,group_id=0", fuse);
	if (mount("hold", hold->dir, "fuse", MS_NOSUID | MS_NODEV, options))
		err(1, "mount of FUSE");
	hold->server = fork();
	if (hold->server < 0)
		err(1, "fork");
	if (hold->server == 0) {
		/* What the test has open is not for us to keep. */
		if (dup2(reached[1], 4) < 0 || dup2(fuse, 3) < 0)
			err(1, "dup2");
		syscall(__NR_close_range, 5, ~0U, 0);
		serve_all(3, 4);
	}
	close(fuse);
	close(reached[1]);
	hold->reached = reached[0];
}

static void *map_at(struct hold *hold, void *addr)
{
	char path[64];
	void *page;
	int fd;

	snprintf(path, sizeof(path), "%s/file", hold->dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	page = mmap(addr, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | (addr ? MAP_FIXED : 0),
		    fd, 0);
	if (fd < 0 || page == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	return page;
}

/* Whoever reads memory through this file has it locked until it is there. */
static void *read_own_memory(void *page)
{
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char byte;

	if (fd < 0 || pread(fd, &byte, 1, (uintptr_t)page) == 1)
		errx(1, "/proc/self/mem gives what there is not");
	close(fd);
	return NULL;
}

void hold_memory(struct hold *hold)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, read_own_memory, map_at(hold, NULL));
	if (errno)
		err(1, "pthread_create");
}

void hold_page(struct hold *hold, void *addr)
{
	map_at(hold, addr);
}

void hold_await(struct hold *hold)
{
	char byte;

	if (read(hold->reached, &byte, 1) != 1)
		errx(1, "the server of FUSE has ended");
}

void hold_end(struct hold *hold)
{
	if (!hold->server)
		return;
	kill(hold->server, SIGKILL);
	waitpid(hold->server, NULL, 0);
	umount2(hold->dir, MNT_DETACH);
	rmdir(hold->dir);
	close(hold->reached);
	hold->server = 0;
}
