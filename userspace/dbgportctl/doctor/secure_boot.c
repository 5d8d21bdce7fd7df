// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgportctl/doctor/checks.h"
#include "dbgportctl/doctor/finding.h"
#include "lib/array.h"

#define EFIVARS		"/sys/firmware/efi/efivars/"
#define SECURE_BOOT	EFIVARS "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* By shim: the machine owner's certificates, and those that wait for the next boot. */
#define ENROLLED	EFIVARS "MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23"
#define WAITING		EFIVARS "MokNew-605dab50-e046-4300-abb6-3dd810dd8b23"
/* In front of a variable's value. */
#define ATTRIBUTES	4
/* More than any list of certificates has. */
#define FILE_MAX	(1 << 20)

/* What DKMS signs with, on Debian and on Ubuntu; make sign takes the first too. */
static const char *const certificates[] = {
	"/var/lib/dkms/mok.pub", "/var/lib/shim-signed/mok/MOK.der",
};

/* All of a file, to be freed; NULL: it cannot be read. */
static char *load(const char *path, size_t *size)
{
	FILE *f = fopen(path, "re");
	char *data = f ? malloc(FILE_MAX) : NULL;

	if (data)
		*size = fread(data, 1, FILE_MAX, f);
	if (f)
		fclose(f);
	return data;
}

static bool is_on(void)
{
	size_t size;
	char *value = load(SECURE_BOOT, &size);
	bool on = value && size > ATTRIBUTES && value[ATTRIBUTES] == 1;

	free(value);
	return on;
}

/* Whether there are variables that do not show: their file system is not mounted. */
static bool is_hidden(void)
{
	DIR *dir = opendir(EFIVARS);
	bool hidden = dir;

	while (hidden) {
		const struct dirent *entry = readdir(dir);

		if (!entry)
			break;
		hidden = entry->d_name[0] == '.';
	}
	if (dir)
		closedir(dir);
	return hidden;
}

/* Whether a list of certificates has that of a file, as it is. */
static bool has_certificate(const char *list, const char *path)
{
	size_t list_size, size;
	char *data = load(list, &list_size), *certificate = load(path, &size);
	bool has = data && certificate && size && memmem(data, list_size, certificate, size);

	free(data);
	free(certificate);
	return has;
}

/* Of those that can sign here; an enrolled one is preferred.  NULL: there is none. */
static const char *find_certificate(bool *enrolled)
{
	const char *found = NULL;

	*enrolled = false;
	for (size_t i = 0; i < ARRAY_SIZE(certificates); i++) {
		if (has_certificate(ENROLLED, certificates[i])) {
			*enrolled = true;
			return certificates[i];
		}
		if (!found && !access(certificates[i], R_OK))
			found = certificates[i];
	}
	return found;
}

void doctor_secure_boot(void)
{
	const char *certificate;
	bool enrolled;
	char fix[128];

	if (is_hidden()) {
		finding(NOTE, "boot", "mount -t efivarfs none " EFIVARS,
			"whether Secure Boot is on is not known: efivarfs is not mounted");
		return;
	}
	if (!is_on()) {
		finding(GOOD, "boot", NULL, "Secure Boot is off");
		return;
	}
	certificate = find_certificate(&enrolled);
	if (!certificate) {
		finding(NOTE, "boot",
			"dkms build --force, which makes one; or make sign, in the sources",
			"Secure Boot is on, and no key of this host is there to sign the module with");
		return;
	}
	if (enrolled) {
		finding(GOOD, "boot", NULL, "Secure Boot is on, and %s is enrolled", certificate);
		return;
	}
	if (has_certificate(WAITING, certificate)) {
		finding(NOTE, "boot", "reboot, and choose \"Enroll MOK\" on the console",
			"Secure Boot is on, and %s waits to be enrolled", certificate);
		return;
	}
	snprintf(fix, sizeof(fix), "mokutil --import %s; then reboot", certificate);
	finding(NOTE, "boot", fix, "Secure Boot is on, and %s is not enrolled", certificate);
}
