/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A boot as a trace: it is the root span, its phases are the spans below, and what was
 * written in each is the span's events.  Documentation/otlp.rst has what becomes what.
 */
#ifndef DBGPORTCTL_OTLP_TRACE_H
#define DBGPORTCTL_OTLP_TRACE_H

#include <jansson.h>

#include "dbgportctl/boot/boot.h"

/* Events of a span, at most: as many as OpenTelemetry's own libraries keep. */
#define TRACE_EVENTS	128

/**
 * trace_make() - make one of a boot
 * @boot: finished; the host's clock of then is known
 *
 * Of more events than TRACE_EVENTS, those are kept that came after the longest pauses,
 * and the others are counted.
 *
 * Return: an element of "resourceSpans".
 */
json_t *trace_make(const struct boot *boot);

#endif /* DBGPORTCTL_OTLP_TRACE_H */
