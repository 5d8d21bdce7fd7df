/* SPDX-License-Identifier: GPL-2.0 */
/* How long a sink stays for its last output to be read, once its VM is gone. */
#ifndef DBGPORTD_SINK_LINGER_H
#define DBGPORTD_SINK_LINGER_H

#include <linux/types.h>
#include <stdbool.h>

/* Where the user says nothing. */
#define LINGER_S	10
/* How often to look whether it has been read. */
#define LINGER_CHECK_MS	50

/* The time at which it ends, in terms of loop_now(), that many seconds from now. */
__u64 linger_end(__u64 seconds);

/* Whether it has ended; the program's end cuts it short, in place. */
bool linger_is_over(__u64 *end);

#endif /* DBGPORTD_SINK_LINGER_H */
