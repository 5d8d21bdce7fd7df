// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "module.h"

#define SYSFS_DIR	"/sys/module/dbgport"

/* What a test does not say is said by who runs it. */
static void add_backend(char *all, size_t size, const char *params)
{
	const char *backend = getenv("DBGPORT_TEST_BACKEND");

	if (backend && !strstr(params, "backend="))
		snprintf(all, size, "%s backend=%s", params, backend);
	else
		snprintf(all, size, "%s", params);
}

int module_load(const char *params)
{
	const char *path = getenv("DBGPORT_KO");
	char built[256], all[4096];
	struct utsname uts;
	int ret = 0;
	int fd;

	if (!path) {
		uname(&uts);
		snprintf(built, sizeof(built), "build/%s/dbgport.ko", uts.release);
		path = built;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	add_backend(all, sizeof(all), params);
	if (syscall(SYS_finit_module, fd, all, 0) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "dbgport", O_NONBLOCK) < 0 ? -errno : 0;
}

bool module_loaded(void)
{
	return access(SYSFS_DIR, F_OK) == 0;
}

bool module_has_ioeventfd(void)
{
	struct utsname name;

	return uname(&name) || !strstr(name.version, " PREEMPT_RT");
}

void module_fresh(const char *params)
{
	int ret = 0;
	int tries;

	/* A process's io_uring lets go of its files only after its end. */
	for (tries = 0; module_loaded() && tries < 5000; tries++) {
		ret = module_unload();
		if (ret && ret != -EAGAIN)
			break;
		if (ret)
			poll(NULL, 0, 1);
	}
	if (ret)
		errx(1, "rmmod dbgport: %s", strerror(-ret));
	if (strstr(params, "backend=ioeventfd") && !module_has_ioeventfd()) {
		printf("# SKIP: this kernel has no backend ioeventfd\n");
		fflush(stdout);
		/* As kselftest says. */
		_exit(4);
	}
	ret = module_load(params);
	if (ret)
		errx(1, "insmod dbgport.ko %s: %s", params, strerror(-ret));
}

static int open_param(const char *param, int oflags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), SYSFS_DIR "/parameters/%s", param);
	fd = open(path, oflags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int module_set(const char *param, const char *value)
{
	int fd = open_param(param, O_WRONLY);
	int ret = 0;

	if (fd < 0)
		return fd;
	if (write(fd, value, strlen(value)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int module_get(const char *param, char *value, size_t size)
{
	int fd = open_param(param, O_RDONLY);
	ssize_t len;
	int ret = 0;

	if (fd < 0)
		return fd;
	len = read(fd, value, size - 1);
	if (len < 0)
		ret = -errno;
	value[len < 0 ? 0 : len] = '\0';
	close(fd);
	return ret;
}

int module_unplug(void)
{
	return module_set("unplug", "1");
}

static int klog = -1;

void klog_start(void)
{
	if (klog >= 0)
		close(klog);
	klog = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (klog < 0 || lseek(klog, 0, SEEK_END) < 0)
		err(1, "/dev/kmsg");
}

bool klog_has(const char *text)
{
	static char said[65536];
	static size_t len;
	ssize_t got;

	/* One read gives one message; EPIPE: some were overwritten. */
	while (len < sizeof(said) - 1) {
		got = read(klog, said + len, sizeof(said) - 1 - len);
		if (got > 0)
			len += got;
		else if (errno != EPIPE)
			break;
	}
	said[len] = '\0';
	return strstr(said, text);
}
