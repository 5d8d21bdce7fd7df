// SPDX-License-Identifier: GPL-2.0
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "user.h"

void become(uid_t uid, int cap)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { 0 };

	if (prctl(PR_SET_KEEPCAPS, 1) || setgroups(0, NULL) ||
	    setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		_exit(99);
	if (cap >= 0) {
		data[cap / 32].permitted = 1u << cap % 32;
		data[cap / 32].effective = 1u << cap % 32;
	}
	if (syscall(SYS_capset, &header, data))
		_exit(99);
}
