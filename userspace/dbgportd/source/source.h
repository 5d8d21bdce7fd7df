/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source: reads /dev/dbgport and hands each record to the router.
 *
 * In this room is all that is done with the device: which VMs it shows (attach.h),
 * from where each is read (resume.h), when to read, and when to end.  What a record
 * means is for router/.  There can be only one source in a process.
 *
 * When the module is unplugged the source waits for it to come back, and goes
 * on with what are new VMs then.
 */
#ifndef DBGPORTD_SOURCE_SOURCE_H
#define DBGPORTD_SOURCE_SOURCE_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * source_open() - open the device and claim what it shows
 * @path: the device node; must stay
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or a negative errno.
 */
int source_open(const char *path, char *why, size_t size);

/**
 * source_set_limits() - end by itself; before source_open()
 * @once: as soon as there is nothing to read; claims nothing then
 * @duration_ms: so long after source_start(); 0: never
 * @until_vm_exit: when no VM that a route is for is left, after there was one that lived
 *	since source_start()
 */
void source_set_limits(bool once, unsigned int duration_ms, bool until_vm_exit);

/* Whether the source has come to its end; asked after each turn. */
bool source_is_over(void);

/* Whether it came to its end since reading failed, and not all has been read. */
bool source_has_failed(void);

/* Go to where the daemon before us stopped, and begin to read; needs the loop. */
void source_start(void);

/**
 * source_go_on() - read on
 *
 * At the end of each turn, after positions_keep().  Waits while a sink says that it
 * must not be overrun.
 */
void source_go_on(void);

/* Stop reading through the loop; source_is_idle() says when that is done. */
void source_stop(void);
bool source_is_idle(void);

/* Whether the module knows a VM, living or kept; true while there is no device to ask. */
bool source_has_vm(__u32 vm);

/* What the module was when it was last opened. */
const struct dbgport_info *source_info(void);

/**
 * source_drain() - read what is there without waiting, and close the device
 *
 * A flooding guest can always have more: ends after a second at the latest.
 */
void source_drain(void);

#endif /* DBGPORTD_SOURCE_SOURCE_H */
