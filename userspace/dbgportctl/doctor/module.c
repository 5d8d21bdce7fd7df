// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "dbgportctl/vm/describe.h"
#include "dbgportctl/vm/ports.h"
#include "lib/array.h"
#include "lib/device.h"
#include "lib/port.h"

#define MODULE		"/sys/module/dbgport"
/* What ends a signed module. */
#define SIGNATURE	"~Module signature appended~\n"

/* Where depmod says that the module is; false: nowhere. */
static bool find_module(char *path, size_t size)
{
	struct utsname name;
	char deps[256], *line = NULL;
	bool found = false;
	size_t room = 0;
	FILE *f;

	uname(&name);
	snprintf(deps, sizeof(deps), "/lib/modules/%s/modules.dep", name.release);
	f = fopen(deps, "re");
	while (f && !found && getline(&line, &room, f) > 0) {
		char *colon = strchr(line, ':'), *file = strstr(line, "/dbgport.ko");

		if (!colon || !file || file > colon)
			continue;
		*colon = '\0';
		if (line[0] == '/')
			snprintf(path, size, "%s", line);
		else
			snprintf(path, size, "/lib/modules/%s/%s", name.release, line);
		found = true;
	}
	free(line);
	if (f)
		fclose(f);
	return found;
}

/* Of a compressed one it cannot be seen. */
static bool lacks_signature(const char *path)
{
	char end[sizeof(SIGNATURE)] = "";
	size_t len = strlen(path);
	FILE *f;

	if (len < 3 || strcmp(path + len - 3, ".ko"))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fseek(f, -(long)strlen(SIGNATURE), SEEK_END) ||
	    fread(end, 1, strlen(SIGNATURE), f) != strlen(SIGNATURE))
		end[0] = '\0';
	fclose(f);
	return strcmp(end, SIGNATURE);
}

/* Why this kernel takes signed modules only; NULL: it takes all. */
static const char *wants_signature(void)
{
	static char text[256];
	char line[128];

	if (read_line(line, sizeof(line), "/sys/module/module/parameters/sig_enforce") &&
	    line[0] == 'Y')
		return "module.sig_enforce";
	if (read_line(line, sizeof(line), "/sys/kernel/security/lockdown") &&
	    !strstr(line, "[none]")) {
		snprintf(text, sizeof(text), "lockdown: %s", line);
		return text;
	}
	return NULL;
}

static void check_missing_module(void)
{
	const char *why = wants_signature();
	char path[512];

	if (!find_module(path, sizeof(path))) {
		finding(WRONG, "module",
			"install dbgport-dkms; or make modules_install, in the sources",
			"it is not installed for this kernel");
		return;
	}
	if (why && lacks_signature(path))
		finding(WRONG, "module",
			"sign it: dkms build --force; or make sign modules_install, in the sources",
			"%s is not signed, and this kernel wants it signed (%s)", path, why);
	else
		finding(WRONG, "module", "modprobe dbgport", "it is not loaded; it is %s", path);
}

bool doctor_module(void)
{
	char line[8];

	if (access(MODULE, F_OK)) {
		check_missing_module();
		return false;
	}
	if (read_line(line, sizeof(line), MODULE "/parameters/unplug") && line[0] == 'Y') {
		finding(WRONG, "module", "echo N >" MODULE "/parameters/unplug",
			"it is unplugged");
		return false;
	}
	finding(GOOD, "module", NULL, "it is loaded");
	return true;
}

static void check_backend(const struct dbgport_info *module)
{
	char told[32];
	bool asked;

	if (!(module->features & DBGPORT_F_EVENTFD)) {
		finding(GOOD, "backend", NULL, "iodev");
		return;
	}
	asked = read_line(told, sizeof(told), "/sys/module/dbgport/parameters/backend") &&
		!strcmp(told, "ioeventfd");
	finding(NOTE, "backend", asked ? "load the module without backend=ioeventfd" :
		"see dmesg; iodev needs CONFIG_KPROBES",
		"ioeventfd: reads are not answered");
}

/* By a probe new VMs come in; those that it misses do, too, but not as the others. */
static void check_probes(const struct dbgport_info *module)
{
	static const char *const switches[] = {
		"/sys/kernel/debug/kprobes/enabled", "/proc/sys/kernel/ftrace_enabled",
	};
	char line[8], fix[64];

	if (module->features & DBGPORT_F_EVENTFD)
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(switches); i++) {
		if (!read_line(line, sizeof(line), switches[i]) || line[0] != '0')
			continue;
		snprintf(fix, sizeof(fix), "echo 1 >%s", switches[i]);
		finding(NOTE, "probes", fix,
			"they are switched off: VMs are attached when they are made, with or without CPUs");
	}
}

static void check_claim(const struct dbgport_info *module)
{
	if (module->claim == DBGPORT_CLAIM_NEVER)
		finding(NOTE, "claim", "dbgportctl claim --host listening",
			"never: no exits to VMMs are saved");
	else
		finding(GOOD, "claim", NULL, "%s", describe_claim(module->claim));
}

/* Of new VMs. */
static void check_ports(const struct dbgport_info *module)
{
	char ports[DEVICE_PORTS_SIZE], taken[DEVICE_PORTS_SIZE], fix[DEVICE_PORTS_SIZE + 64];
	struct dbgport_info devices = { 0 }, tee = *module;

	for (__u32 i = 0; i < module->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (!port_may_be_device(module->ports[i]) ||
		    module->port_flags[i] & (DBGPORT_PORT_TEE | DBGPORT_PORT_UART))
			continue;
		tee.port_flags[i] = DBGPORT_PORT_TEE;
		devices.ports[devices.nports++] = module->ports[i];
	}
	device_ports(taken, &devices);
	if (!devices.nports) {
		finding(GOOD, "ports", NULL, "%s", device_ports(ports, module));
		return;
	}
	if (module->features & DBGPORT_F_EVENTFD)
		snprintf(fix, sizeof(fix), "load the module without %s in ports=", taken);
	else
		snprintf(fix, sizeof(fix), "load the module with ports=%s",
			 device_ports(ports, &tee));
	finding(NOTE, "ports", fix, "%s: " PORTS_CLAIM_TEXT, taken);
}

/* Likewise; a host without any has not asked for one. */
static void check_uarts(const struct dbgport_info *module)
{
	char uarts[DEVICE_PORTS_SIZE];
	struct dbgport_info claimed = *module;

	claimed.nports = 0;
	for (__u32 i = 0; i < module->nports && i < DBGPORT_MAX_PORTS; i++) {
		if (module->port_flags[i] != DBGPORT_PORT_UART)
			continue;
		claimed.port_flags[claimed.nports] = DBGPORT_PORT_UART;
		claimed.ports[claimed.nports++] = module->ports[i];
	}
	if (claimed.nports)
		finding(NOTE, "uart", "load the module without uart=, or with /tee behind it",
			"%s: " PORTS_UART_TEXT, device_uarts(uarts, &claimed));
	else if (*device_uarts(uarts, module))
		finding(GOOD, "uart", NULL, "%s", uarts);
}

void doctor_settings(const struct dbgport_info *module)
{
	check_backend(module);
	check_probes(module);
	check_claim(module);
	check_ports(module);
	check_uarts(module);
}
