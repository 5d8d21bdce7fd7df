/* SPDX-License-Identifier: GPL-2.0 */
/* What it means for a stream that a write failed. */
#ifndef DBGPORTD_STREAM_FAILURE_H
#define DBGPORTD_STREAM_FAILURE_H

#include <stdbool.h>

#include "dbgportd/stream/stream.h"

/* Whether a write to such a file may go through later, when it failed with @err, an errno. */
bool failure_passes(enum stream_kind kind, int err);

/* What would let it through, for messages; @awaits: what that is for the sink, or NULL. */
const char *failure_awaits(int err, const char *awaits);

#endif /* DBGPORTD_STREAM_FAILURE_H */
