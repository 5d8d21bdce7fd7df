/* SPDX-License-Identifier: GPL-2.0 */
/* The module's records of one VM, which become what a boot is made of. */
#ifndef DBGPORTCTL_BOOT_RECORDS_H
#define DBGPORTCTL_BOOT_RECORDS_H

#include <dbgport.h>

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/vm/vms.h"
#include "lib/codes.h"
#include "words/storm.h"

/**
 * struct boot_records - what is under way
 * @boot: where records go
 * @codes: a table that names POST codes
 * @storm: of POST codes
 */
struct boot_records {
	struct boot *boot;
	const struct codes *codes;
	struct storm storm;
};

/**
 * boot_describe() - say of a boot whose it is
 * @boot: new; but for its zero, its number and its label, which are the caller's
 * @vm: of this host, running or not
 *
 * The host's clock counts as it is set now.
 */
void boot_describe(struct boot *boot, const struct known_vm *vm);

/* Begin with @boot, whose zero is set.  Both must stay. */
void boot_records_begin(struct boot_records *records, struct boot *boot,
			const struct codes *codes);

/* Take a write or a loss; other events tell a boot nothing. */
void boot_records_put(struct boot_records *records, const struct dbgport_record *rec);

/* No more comes. */
void boot_records_end(struct boot_records *records);

#endif /* DBGPORTCTL_BOOT_RECORDS_H */
