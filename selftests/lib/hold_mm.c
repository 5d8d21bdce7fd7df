// SPDX-License-Identifier: GPL-2.0
/*
 * usage: hold_mm [-v] [ANY]...
 *
 * A process whose memory map is locked, which everybody waits for who asks for its
 * command line.
 *
 * It opens a file of a file system of its own, makes a page of it dirty, and maps it
 * past the page cache: mmap() has the lock then, and waits for the page to be written.
 * The file system does not answer.
 *
 *	-v	be a VMM, whose VM gets its first vCPU then
 *
 * Says the id of the process that serves the file system.  Until that one is killed
 * this one does not end, even if it is killed.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE		4096
#define FILE_INO	2
/* Any directory does: only we see it there. */
#define DIR		"/tmp"
#define FILE_PATH	DIR "/file"

static void reply(int fd, const struct fuse_in_header *in, int error, const void *body,
		  size_t len)
{
	struct fuse_out_header out = {
		.len = sizeof(out) + len, .error = error, .unique = in->unique,
	};
	const struct iovec iov[] = { { &out, sizeof(out) }, { (void *)body, len } };

	if (writev(fd, iov, 2) < 0 && errno != ENOENT)
		err(1, "fuse: writev");
}

static struct fuse_attr attr_of(__u64 ino)
{
	bool file = ino == FILE_INO;

	return (struct fuse_attr){
		.ino = ino, .size = file ? PAGE : 0, .blocks = 8, .nlink = 1, .blksize = PAGE,
		.mode = file ? S_IFREG | 0600 : S_IFDIR | 0700,
		.uid = getuid(), .gid = getgid(),
	};
}

/* Shared with the server: the thread that takes the lock; 0: not yet. */
static pid_t *locker;

/* From the second on they go past the page cache, which so has to be written. */
static void reply_open(int fd, const struct fuse_in_header *in)
{
	static int opened;
	const struct fuse_open_out out = {
		.open_flags = opened++ ? FOPEN_DIRECT_IO | FOPEN_KEEP_CACHE : 0,
	};

	reply(fd, in, 0, &out, sizeof(out));
}

/*
 * Whether the one that takes the lock waits in mmap().  It is not seen there if it still
 * runs, and tries again then.
 */
static bool is_locked(void)
{
	pid_t tid = __atomic_load_n(locker, __ATOMIC_ACQUIRE);
	char path[64];
	int number = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", getppid(), tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%d", &number) != 1)
		number = -1;
	fclose(f);
	return number == __NR_mmap;
}

/* Who waits for this has the lock, unless the kernel writes the page of its own accord. */
static void reply_write(int fd, const struct fuse_in_header *in, int told)
{
	const struct fuse_write_out out = {
		.size = ((const struct fuse_write_in *)(in + 1))->size,
	};

	if (!is_locked())
		reply(fd, in, 0, &out, sizeof(out));
	else if (write(told, "", 1) != 1)
		err(1, "write");
}

static void answer(int fd, const struct fuse_in_header *in, int told)
{
	static const char page[PAGE];
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = PAGE,
	};
	const struct fuse_entry_out entry = {
		.nodeid = FILE_INO, .entry_valid = 3600, .attr_valid = 3600,
		.attr = attr_of(FILE_INO),
	};
	const struct fuse_attr_out attr = { .attr_valid = 3600, .attr = attr_of(in->nodeid) };

	switch (in->opcode) {
	case FUSE_INIT:
		reply(fd, in, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		reply(fd, in, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		reply(fd, in, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		reply_open(fd, in);
		break;
	case FUSE_READ:
		reply(fd, in, 0, page, sizeof(page));
		break;
	case FUSE_WRITE:
		reply_write(fd, in, told);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		/* They want no answer. */
		break;
	default:
		reply(fd, in, -EOPNOTSUPP, NULL, 0);
	}
}

static __attribute__((noreturn)) void serve(int fd, int told)
{
	static char buf[1 << 16] __attribute__((aligned(8)));

	for (;;) {
		if (read(fd, buf, sizeof(buf)) <= 0)
			_exit(0);
		answer(fd, (const struct fuse_in_header *)buf, told);
	}
}

/* As root, or in namespaces of our own. */
static void mount_for_us(int fd)
{
	char options[128];
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (uid && unshare(CLONE_NEWUSER | CLONE_NEWNS))
		err(1, "unshare");
	if (!uid && unshare(CLONE_NEWNS))
		err(1, "unshare");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		err(1, "mount /");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40700,user_id=%u,group_id=%u", fd,
		 uid, gid);
	if (mount("hold_mm", DIR, "fuse", MS_NOSUID | MS_NODEV, options))
		err(1, "mount " DIR);
}

static char *page;

/* A page that has to be written before somebody can go past the page cache. */
static void map_page(void)
{
	int fd = open(FILE_PATH, O_RDWR);

	if (fd < 0)
		err(1, FILE_PATH);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		err(1, "mmap");
}

static void *lock(void *arg)
{
	(void)arg;
	__atomic_store_n(locker, gettid(), __ATOMIC_RELEASE);
	for (;;) {
		int fd;

		__atomic_store_n(page, 1, __ATOMIC_RELAXED);
		fd = open(FILE_PATH, O_RDWR);
		if (fd < 0)
			err(1, FILE_PATH);
		/* It does not come back, unless the page was written meanwhile. */
		mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
		close(fd);
	}
}

/* Returns the id of the process that serves the file system. */
static pid_t begin_to_serve(int *told)
{
	int fd = open("/dev/fuse", O_RDWR), pipe_fd[2];
	pid_t server;

	if (fd < 0)
		err(1, "/dev/fuse");
	locker = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (locker == MAP_FAILED)
		err(1, "mmap");
	mount_for_us(fd);
	if (pipe(pipe_fd))
		err(1, "pipe");
	server = fork();
	if (server < 0)
		err(1, "fork");
	if (!server) {
		/* Whoever reads what we say need not wait for this one's end. */
		close(STDOUT_FILENO);
		serve(fd, pipe_fd[1]);
	}
	close(fd);
	close(pipe_fd[1]);
	*told = pipe_fd[0];
	return server;
}

static int make_vm(void)
{
	int kvm = open("/dev/kvm", O_RDWR), vm;

	if (kvm < 0)
		err(1, "/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		err(1, "KVM_CREATE_VM");
	return vm;
}

int main(int argc, char *argv[])
{
	int vm = argc > 1 && !strcmp(argv[1], "-v") ? make_vm() : -1;
	char byte, said[32];
	pthread_t thread;
	int told, n;

	n = snprintf(said, sizeof(said), "%d\n", begin_to_serve(&told));
	map_page();
	errno = pthread_create(&thread, NULL, lock, NULL);
	if (errno)
		err(1, "pthread_create");
	if (read(told, &byte, 1) != 1)
		errx(1, "nobody was asked to write the page");

	/* From here on nothing may be needed of the memory map. */
	if (vm >= 0 && ioctl(vm, KVM_CREATE_VCPU, 0) < 0)
		err(1, "KVM_CREATE_VCPU");
	if (write(STDOUT_FILENO, said, n) != n)
		err(1, "write");
	close(STDOUT_FILENO);
	for (;;)
		pause();
}
