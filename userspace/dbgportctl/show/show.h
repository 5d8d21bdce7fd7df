/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that is known of one VM, on standard output: what the module counts
 * (vm/), what its ring holds (kept.h), what it wrote last (last.h).
 */
#ifndef DBGPORTCTL_SHOW_SHOW_H
#define DBGPORTCTL_SHOW_SHOW_H

#include <stdbool.h>

#include "words/style.h"

/**
 * show_vm() - show all of it
 * @name: of the VM, as vms_find() takes it
 * @as_json: as an object
 * @time: in words: STAMP_NONE: how long ago something was; else when, in this style
 *
 * Return: an exit status.
 */
int show_vm(const char *name, bool as_json, enum time_style time);

#endif /* DBGPORTCTL_SHOW_SHOW_H */
