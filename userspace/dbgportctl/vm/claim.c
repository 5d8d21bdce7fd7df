// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/vm/claim.h"
#include "dbgportctl/vm/describe.h"
#include "lib/eventfd.h"
#include "libdbgport/libdbgport.h"

#define PARAMETER	"/sys/module/dbgport/parameters/claim"

static int set_of_host(enum dbgport_claim claim)
{
	const char *mode = describe_claim(claim);
	int fd = open(PARAMETER, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, mode, strlen(mode));
	int err = errno;

	if (fd >= 0)
		close(fd);
	if (n >= 0)
		return STATUS_OK;
	if (err == EACCES || err == EPERM)
		return fail(PARAMETER ": %s; it takes root, with CAP_SYS_ADMIN", strerror(err));
	return fail(PARAMETER ": %s", strerror(err));
}

static int set_of_vm(const struct target *t, enum dbgport_claim mode)
{
	int err;

	if (!target_can_set(t))
		return STATUS_FAILED;
	err = dbgport_set_claim(t->fd, t->vm.info.vm, mode);
	return err ? target_failed(t, "its claim mode", err) : STATUS_OK;
}

/* Without it nothing would be claimed; who may not give one relies on root. */
static int give_eventfd(const struct target *t)
{
	int err = eventfd_give(t->fd, &t->module);

	if (!err || err == -EPERM)
		return STATUS_OK;
	return fail("the eventfd that the backend ioeventfd needs: %s", strerror(-err));
}

int claim_set(const struct target *t, bool of_host, enum dbgport_claim mode)
{
	if (mode == DBGPORT_CLAIM_ALWAYS && give_eventfd(t))
		return STATUS_FAILED;
	return of_host ? set_of_host(mode) : set_of_vm(t, mode);
}
