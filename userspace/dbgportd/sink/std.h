/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sinks on standard output and standard error.
 *
 * Where both are the same terminal, pipe or file, they are one sink: so lines
 * from both keep their order and never mix.
 */
#ifndef DBGPORTD_SINK_STD_H
#define DBGPORTD_SINK_STD_H

#include "dbgportd/sink/sink.h"

/**
 * std_open() - take the sink on an inherited file descriptor
 * @fd: STDOUT_FILENO or STDERR_FILENO
 *
 * Return: the sink, the same one to everybody who asks; give it back with
 * std_close().  NULL if there is no memory.
 */
struct sink *std_open(int fd);

/* Give it back; the last one closes the sink, which writes what it holds. */
void std_close(struct sink *sink);

/* Find out whether the terminal has hung up, without waiting for the next write. */
void std_check_hangup(void);

#endif /* DBGPORTD_SINK_STD_H */
