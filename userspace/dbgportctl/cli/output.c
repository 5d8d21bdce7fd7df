// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"

#define NAME	"standard output"

/* Where it went before; -1: where it goes now. */
static int before = -1;
/* What it is called, should that fail. */
static const char *name = NAME;

int output_flush(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return STATUS_OK;
	return fail("%s: %s", name, strerror(errno));
}

int output_reader_fd(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st))
		return -1;
	return S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) ? STDOUT_FILENO : -1;
}

bool output_reader_left(int ms)
{
	struct pollfd pfd = { .fd = output_reader_fd() };

	return poll(&pfd, 1, ms) > 0 && pfd.revents & (POLLERR | POLLHUP);
}

int output_unread(void)
{
	raise(SIGPIPE);
	return fail(NAME ": %s", strerror(EPIPE));
}

int output_to(const char *path)
{
	int fd;

	if (!strcmp(path, "-"))
		return STATUS_OK;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return fail("%s: %s", path, strerror(errno));
	fflush(stdout);
	before = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	name = path;
	return STATUS_OK;
}

int output_back(void)
{
	int status = output_flush();

	if (before < 0)
		return status;
	dup2(before, STDOUT_FILENO);
	close(before);
	before = -1;
	name = NAME;
	return status;
}
