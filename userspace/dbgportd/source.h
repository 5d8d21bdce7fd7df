/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source: reads /dev/dbgport and hands each record to the router.
 *
 * When the module is unplugged the source waits for it to come back, and goes
 * on with what are new VMs then.
 */
#ifndef DBGPORTD_SOURCE_H
#define DBGPORTD_SOURCE_H

#include <dbgport.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * source_open() - open the device and claim what it shows
 * @path: the device node; must stay
 * @info: filled with what the module is
 * @why: on failure, one line for the user
 * @size: size of @why
 *
 * Return: 0 or a negative errno.
 */
int source_open(const char *path, struct dbgport_info *info, char *why, size_t size);

/* Begin to read; needs the loop. */
void source_start(void);

/* Stop reading through the loop; source_is_idle() says when that is done. */
void source_stop(void);
bool source_is_idle(void);

/**
 * source_drain() - read what is there without waiting, and close the device
 *
 * A flooding guest can always have more: ends after a second at the latest.
 */
void source_drain(void);

#endif /* DBGPORTD_SOURCE_H */
