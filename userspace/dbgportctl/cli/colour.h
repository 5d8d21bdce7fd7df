/* SPDX-License-Identifier: GPL-2.0 */
/* Colours on standard output, where it is a terminal and NO_COLOR does not forbid them. */
#ifndef DBGPORTCTL_CLI_COLOUR_H
#define DBGPORTCTL_CLI_COLOUR_H

/* What ends all others, and these, as a terminal takes them. */
#define COLOUR_OFF	"\033[m"
#define COLOUR_BOLD	"\033[1m"
#define COLOUR_DIM	"\033[2m"
#define COLOUR_RED	"\033[31m"
#define COLOUR_GREEN	"\033[32m"
#define COLOUR_YELLOW	"\033[33m"
#define COLOUR_BLUE	"\033[34m"
#define COLOUR_MAGENTA	"\033[35m"
#define COLOUR_CYAN	"\033[36m"
#define COLOUR_GREY	"\033[90m"

/*
 * One of these, or "" where standard output, as it was when this was called
 * first, shows none.
 */
const char *colour(const char *code);

/* An empty screen; what can be scrolled back to is the user's and stays.  For terminals only. */
#define CLEAR_SCREEN	"\033[H\033[J"

#endif /* DBGPORTCTL_CLI_COLOUR_H */
