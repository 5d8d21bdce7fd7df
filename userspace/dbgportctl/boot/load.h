/* SPDX-License-Identifier: GPL-2.0 */
/* Boots from wherever a command line says; what timeline and boots share. */
#ifndef DBGPORTCTL_BOOT_LOAD_H
#define DBGPORTCTL_BOOT_LOAD_H

#include "dbgportctl/boot/boot.h"
#include "dbgportctl/fleet/fleet.h"
#include "words/begins.h"

/**
 * struct load - which boots
 * @pattern: only VMs whose name, or name#number, matches this shell pattern; NULL: all
 * @table: POST codes are named by this table, as codes_load() takes it; NULL:
 *	as the file does, or by that of a firmware that is recognised (label.h)
 * @until: "0x7f": boots end at this code; NULL: with their last mark
 * @begins: what begins a boot; NULL: it is recognised
 * @fleet: they are read of what this one has published; NULL: of files and the module
 * @memlog: with the lines of the logs in VMs' memory (firmware_log.h); without @fleet
 */
struct load {
	const char *pattern;
	const char *table;
	const char *until;
	const struct begins_rule *begins;
	const struct fleet *fleet;
	bool memlog;
};

/**
 * boots_load() - read boots and finish them
 * @boots: where they go
 * @from: files of dbgportd's, or VMs as vms_find() takes them: what is there as a
 *	file, has a slash, ends in .json, or is "-", is a file; with #2 behind, only the
 *	second boot of it
 * @count: how many; 0: all VMs that this user may see
 * @load: which boots of these; with @fleet, @from are names of its VMs
 *
 * Return: STATUS_OK, or what went wrong, after it has been told.
 */
int boots_load(struct boots *boots, char *from[], int count, const struct load *load);

/* Whether the name of the VM of @boot, or its label, matches @pattern; NULL: any does. */
bool boot_matches(const struct boot *boot, const char *pattern);

/*
 * Take those out that have written nothing, which is told.  Return: STATUS_OK, or
 * STATUS_FAILED if none is left.
 */
int boots_drop_silent(struct boots *boots);

#endif /* DBGPORTCTL_BOOT_LOAD_H */
