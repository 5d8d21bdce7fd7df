/* SPDX-License-Identifier: GPL-2.0 */
/* Standard output: whether all of it has gone out, and files in its place. */
#ifndef DBGPORTCTL_CLI_OUTPUT_H
#define DBGPORTCTL_CLI_OUTPUT_H

/*
 * To be called last: whether all that was printed has gone out.  Return: STATUS_OK,
 * or STATUS_FAILED, after it has been told.
 */
int output_flush(void);

/**
 * output_to() - let standard output go to a file
 * @path: the file, which is made anew
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
