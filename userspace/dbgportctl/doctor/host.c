// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"

static void check_kernel(void)
{
	struct utsname name;
	int major, minor;

	uname(&name);
	if (sscanf(name.release, "%d.%d", &major, &minor) != 2)
		return;
	if (strcmp(name.machine, "x86_64"))
		finding(WRONG, "kernel", "none: it is for x86-64 hosts", "Linux %s on %s",
			name.release, name.machine);
	else if (major < 6 || (major == 6 && !minor))
		finding(WRONG, "kernel", "install Linux 6.1 or newer", "Linux %s is too old",
			name.release);
	else
		finding(GOOD, "kernel", NULL, "Linux %s", name.release);
}

/* "kvm_intel" or "kvm_amd", by the flags of the first CPU; NULL: neither can work. */
static const char *vendor_module(void)
{
	static char line[8192];
	const char *found = NULL;
	FILE *f = fopen("/proc/cpuinfo", "re");

	while (f && !found && fgets(line, sizeof(line), f)) {
		if (strncmp(line, "flags", 5))
			continue;
		if (strstr(line, " vmx"))
			found = "kvm_intel";
		else if (strstr(line, " svm"))
			found = "kvm_amd";
		else
			break;
	}
	if (f)
		fclose(f);
	return found;
}

static void check_kvm(void)
{
	const char *vendor = vendor_module();
	char path[64], fix[64];

	if (!access("/dev/kvm", F_OK)) {
		finding(GOOD, "KVM", NULL, "/dev/kvm is there");
		return;
	}
	if (!vendor) {
		finding(WRONG, "KVM", "switch it on in the firmware's setup; of a VM, in its host",
			"this CPU has no virtualization, or it is switched off");
		return;
	}
	snprintf(path, sizeof(path), "/sys/module/%s", vendor);
	snprintf(fix, sizeof(fix), "modprobe %s", vendor);
	if (!access(path, F_OK))
		finding(WRONG, "KVM", "see what dmesg says of kvm", "%s is loaded, but no /dev/kvm",
			vendor);
	else
		finding(WRONG, "KVM", fix, "%s is not loaded", vendor);
}

void doctor_host(void)
{
	check_kernel();
	check_kvm();
}
