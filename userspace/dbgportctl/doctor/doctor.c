// SPDX-License-Identifier: GPL-2.0
#include <unistd.h>

#include "dbgportctl/cli/fail.h"
#include "dbgportctl/cli/output.h"
#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/doctor.h"
#include "dbgportctl/doctor/finding.h"

int doctor(bool as_json, const char *run_dir)
{
	struct dbgport_info module = { 0 };
	int status, fd = -1;

	findings_begin(as_json);
	doctor_host();
	doctor_secure_boot();
	if (doctor_module())
		fd = doctor_node(&module);
	if (fd >= 0) {
		doctor_settings(&module);
		doctor_vms(fd, &module);
		close(fd);
	}
	doctor_daemon(&module, run_dir);
	status = findings_end() ? STATUS_FAILED : STATUS_OK;
	return output_flush() ?: status;
}
