/* SPDX-License-Identifier: GPL-2.0 */
/* Standard output: whether all of it has gone out, who reads it, and files in its place. */
#ifndef DBGPORTCTL_CLI_OUTPUT_H
#define DBGPORTCTL_CLI_OUTPUT_H

#include <stdbool.h>

/*
 * To be called last: whether all that was printed has gone out.  Return: STATUS_OK,
 * or STATUS_FAILED, after it has been told.
 */
int output_flush(void);

/*
 * For poll(2), with no events: an error or a hang-up there means that the process
 * which reads our standard output has closed it.  -1, which poll(2) passes over, where
 * that cannot be told: it is neither a pipe nor a socket.
 */
int output_reader_fd(void);

/* Wait @ms, or until that process has closed it.  Return: whether it has. */
bool output_reader_left(int ms);

/*
 * To be called then: end as a write would have ended us, by SIGPIPE.  Return, if that
 * is ignored: STATUS_FAILED, after it has been told.
 */
int output_unread(void);

/**
 * output_to() - let standard output go to a file
 * @path: the file, which is made anew, and is what output_flush() blames; must stay.
 *	"-": standard output itself
 *
 * Return: STATUS_OK or STATUS_FAILED, after it has been told.
 */
int output_to(const char *path);

/*
 * output_flush(), and let it go again where it went before output_to(), which must
 * have been called.
 */
int output_back(void);

#endif /* DBGPORTCTL_CLI_OUTPUT_H */
