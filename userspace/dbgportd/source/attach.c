// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "dbgportd/source/attach.h"
#include "lib/asker.h"
#include "lib/eventfd.h"
#include "lib/log.h"
#include "libdbgport/libdbgport.h"

int attach_vms(int fd, const char *path, const struct dbgport_info *info, bool claim,
	       char *why, size_t size)
{
	int err = dbgport_subscribe(fd, claim ? DBGPORT_SUB_CLAIM : 0);

	if (err) {
		snprintf(why, size, "%s: subscribing: %s", path, strerror(-err));
		return err;
	}
	err = claim ? eventfd_give(fd, info) : 0;
	if (err)
		log_warning("%s: the module needs an eventfd: %s; VMs are not claimed until a dbgportd runs as root",
			    path, strerror(-err));
	err = asker_running();
	if (err)
		log_warning("/proc: %s: VMs that are running already are not attached",
			    strerror(-err));
	return 0;
}
