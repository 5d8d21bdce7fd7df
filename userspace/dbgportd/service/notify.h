/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the service manager wants to know: the protocol of sd_notify(3).
 *
 * It is a datagram to the socket named in the environment, and libsystemd's
 * function could wait for a manager that is stuck.  So it is sent from here,
 * without waiting.  Without that, nothing is sent.
 */
#ifndef DBGPORTD_SERVICE_NOTIFY_H
#define DBGPORTD_SERVICE_NOTIFY_H

/* Everything is set up, the loop runs; from now on the watchdog is fed from it. */
void notify_start(void);

/* The configuration is being read again; notify_ready() when that is done. */
void notify_reloading(void);

/* All is set up, or read again. */
void notify_ready(void);

/* The end has begun: no watchdog any more. */
void notify_stopping(void);

/* One line on how things are. */
void notify_status(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* DBGPORTD_SERVICE_NOTIFY_H */
