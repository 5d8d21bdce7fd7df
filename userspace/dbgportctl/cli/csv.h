/* SPDX-License-Identifier: GPL-2.0 */
/* CSV on standard output, as RFC 4180 has it but for the line ends. */
#ifndef DBGPORTCTL_CLI_CSV_H
#define DBGPORTCTL_CLI_CSV_H

/* One field, in quotes. */
void csv_text(const char *text);

#endif /* DBGPORTCTL_CLI_CSV_H */
