/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a process for a NATS server does: it stores objects in a spool, and sends them from
 * there.  So that neither the network nor libnats can hold up or harm the daemon.
 */
#ifndef DBGPORTD_NATS_PROCESS_H
#define DBGPORTD_NATS_PROCESS_H

/**
 * nats_process() - do what is asked for until the other end is closed
 * @fd: the socket that requests come from; all other files are closed
 * @area: WRITER_AREA bytes that the daemon sees, too
 *
 * As writer_process(), for one file, which is the spool: its directory is that of the path,
 * and the pattern is lines: URL, subject's prefix, path of credentials, path of
 * certificates.  What goes along is the pipe for struct nats_news.
 *
 * Never returns.
 */
__attribute__((noreturn)) void nats_process(int fd, char *area);

#endif /* DBGPORTD_NATS_PROCESS_H */
