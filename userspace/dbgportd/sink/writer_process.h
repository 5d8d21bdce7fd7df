/* SPDX-License-Identifier: GPL-2.0 */
/* What a writer (writer.h) does, in a process of its own. */
#ifndef DBGPORTD_SINK_WRITER_PROCESS_H
#define DBGPORTD_SINK_WRITER_PROCESS_H

/**
 * writer_process() - do what is asked for, one by one, until the other end is closed
 * @fd: the socket that requests come from; all other files are closed
 * @area: WRITER_AREA bytes that the daemon sees, too
 *
 * Never returns.
 */
__attribute__((noreturn)) void writer_process(int fd, char *area);

#endif /* DBGPORTD_SINK_WRITER_PROCESS_H */
