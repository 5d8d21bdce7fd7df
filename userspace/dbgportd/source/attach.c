// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportd/source/attach.h"
#include "lib/device.h"
#include "lib/eventfds.h"
#include "lib/log.h"
#include "lib/running.h"

/*
 * Its own file, and only for as long as it takes: the loop may be told that the module
 * is to go, and closes the other one.
 */
static void attach_process(void *arg, pid_t pid)
{
	int fd = open(arg, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	running_attach_process(fd, pid);
	close(fd);
}

static void *look(void *path)
{
	running_look(attach_process, path);
	free(path);
	return NULL;
}

/* With all signals blocked, which are the loop's. */
static int start_thread(char *path)
{
	sigset_t all, before;
	pthread_t thread;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, NULL, look, path);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!err)
		pthread_detach(thread);
	return -err;
}

static int look_beside(const char *device)
{
	char *path = strdup(device);
	int err;

	if (!path || access("/proc/self", F_OK)) {
		err = -errno;
		free(path);
		return err;
	}
	err = start_thread(path);
	if (err)
		free(path);
	return err;
}

int attach_vms(int fd, const char *path, const struct dbgport_info *info, bool claim,
	       char *why, size_t size)
{
	int err = device_subscribe(fd, claim ? DBGPORT_SUB_CLAIM : 0);

	if (err) {
		snprintf(why, size, "%s: subscribing: %s", path, strerror(-err));
		return err;
	}
	err = claim ? eventfds_give(fd, info) : 0;
	if (err)
		log_warning("%s: the module wants eventfds here: %s; VMs are not claimed until a dbgportd runs as root",
			    path, strerror(-err));
	err = claim ? look_beside(path) : running_attach(fd);
	if (err < 0)
		log_warning("/proc: %s: VMs that are running already are not attached",
			    strerror(-err));
	return 0;
}
