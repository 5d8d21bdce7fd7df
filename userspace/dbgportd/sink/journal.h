/* SPDX-License-Identifier: GPL-2.0 */
/* The system's journal. */
#ifndef DBGPORTD_SINK_JOURNAL_H
#define DBGPORTD_SINK_JOURNAL_H

/* Where systemd-journald listens for entries; the tests listen elsewhere. */
extern const char *journal_socket;

#endif /* DBGPORTD_SINK_JOURNAL_H */
