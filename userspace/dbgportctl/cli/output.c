// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"

/* Where it went before. */
static int before = -1;

int output_flush(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return STATUS_OK;
	return fail("standard output: %s", strerror(errno));
}

int output_reader_fd(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st))
		return -1;
	return S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) ? STDOUT_FILENO : -1;
}

int output_unread(void)
{
	raise(SIGPIPE);
	return fail("standard output: %s", strerror(EPIPE));
}

int output_to(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0)
		return fail("%s: %s", path, strerror(errno));
	fflush(stdout);
	before = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	return STATUS_OK;
}

int output_back(void)
{
	int status = output_flush();

	dup2(before, STDOUT_FILENO);
	close(before);
	return status;
}
