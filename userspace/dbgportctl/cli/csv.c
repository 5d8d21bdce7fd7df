// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/cli/csv.h"

void csv_text(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}
