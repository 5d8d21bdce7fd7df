/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a boot and its phases are called in traces.
 *
 * The same boot gets the same ids each time, from the module or from a file, so that one
 * that is sent twice is one trace.  They are made of the host's name, the module's number
 * of the VM, and when the boot began by CLOCK_MONOTONIC.  Its own number is not in it:
 * the module and a daemon may count from another boot on.
 */
#ifndef DBGPORTCTL_OTLP_IDS_H
#define DBGPORTCTL_OTLP_IDS_H

#include "dbgportctl/boot/boot.h"

/* Hexadecimal digits, and a NUL. */
#define TRACE_ID_SIZE	(32 + 1)
#define SPAN_ID_SIZE	(16 + 1)

/* Of a boot, in @id, which is returned. */
const char *trace_id(char id[TRACE_ID_SIZE], const struct boot *boot);

/* Of a span of it: 0 is the boot, 1 its first phase; in @id, which is returned. */
const char *span_id(char id[SPAN_ID_SIZE], const struct boot *boot, size_t span);

#endif /* DBGPORTCTL_OTLP_IDS_H */
