// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/page/page.h"
#include "dbgportctl/timeline/overview.h"
#include "dbgportctl/timeline/timeline.h"

void timeline_html(const struct boots *boots, const struct look *look)
{
	page_begin("Boot timeline", overview_style);
	printf("<h1>Boot timeline</h1>\n"
	       "<p class=\"dim\">%zu boot%s; time since the first vCPU was made,\n"
	       "or the first write after a reset</p>\n",
	       boots->count, boots->count == 1 ? "" : "s");
	overview_html(boots, look);
	page_end();
}
