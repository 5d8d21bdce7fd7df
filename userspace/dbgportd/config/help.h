/* SPDX-License-Identifier: GPL-2.0 */
/* --help: all that can be asked for, as the tables of options, sinks, formats and settings say. */
#ifndef DBGPORTD_CONFIG_HELP_H
#define DBGPORTD_CONFIG_HELP_H

#include <stdio.h>

void help_print(FILE *to);

#endif /* DBGPORTD_CONFIG_HELP_H */
