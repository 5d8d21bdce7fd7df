/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the status has, as metrics: a file in Prometheus' text format, for what
 * collects such files, as node_exporter's textfile collector does.
 *
 * It is always whole, since it is put in place by a rename, and written by a writer
 * (sink/writer.h): no file system can hold up the loop.
 */
#ifndef DBGPORTD_SERVICE_METRICS_H
#define DBGPORTD_SERVICE_METRICS_H

/* How often it is written. */
#define METRICS_MS	15000

/**
 * metrics_start() - write the file, and again and again; needs the loop
 * @path: its name, which must stay; NULL: there is none
 * @vms: so many VMs have metrics of their own; at most DAEMON_METRICS_VMS
 */
void metrics_start(const char *path, unsigned int vms);

/* Write it as soon as its writer can. */
void metrics_write(void);

/* No more of it: the file is removed, if the file system answers soon. */
void metrics_stop(void);

#endif /* DBGPORTD_SERVICE_METRICS_H */
