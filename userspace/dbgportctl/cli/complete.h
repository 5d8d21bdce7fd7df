/* SPDX-License-Identifier: GPL-2.0 */
/* What may come next in a command line, for shells. */
#ifndef DBGPORTCTL_CLI_COMPLETE_H
#define DBGPORTCTL_CLI_COMPLETE_H

/* Print @word, and behind a tab @help, if @begin begins it. */
void complete_offer(const char *word, const char *begin, const char *help);

/**
 * complete() - offer what fits
 * @argc: how many there are at @argv
 * @argv: the words of a command line behind the program's name, of which the last
 *	one has been begun; changed
 * @offer_vms: called to offer the names of VMs, where one may stand
 *
 * A line for each; no line: the shell's own completion, of files, fits.
 */
void complete(int argc, char *argv[], void (*offer_vms)(const char *begin));

#endif /* DBGPORTCTL_CLI_COMPLETE_H */
