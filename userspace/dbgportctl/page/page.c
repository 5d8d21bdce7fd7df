// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/page/markup.h"
#include "dbgportctl/page/page.h"

#define CONTENT(file)	".incbin \"dbgportctl/page/" file "\"\n"

/* Files as a string, which page.h declares; found as #include finds them. */
#define EMBED(name, contents)				\
	asm(".section .rodata\n"			\
	    ".globl " #name "\n"			\
	    #name ":\n"					\
	    contents					\
	    ".byte 0\n"					\
	    ".previous\n")

EMBED(page_css, CONTENT("page.css"));
/* Each uses those before it. */
EMBED(page_js, CONTENT("data.js") CONTENT("elements.js") CONTENT("draw.js") CONTENT("chart.js")
	       CONTENT("boot.js") CONTENT("overview.js"));

void page_begin(const char *title, void (*print_style)(void))
{
	fputs("<!DOCTYPE html>\n"
	      "<html lang=\"en\">\n"
	      "<head>\n"
	      "<meta charset=\"utf-8\"/>\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
	      " style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n"
	      "<title>", stdout);
	markup_text(title);
	printf("</title>\n<style>\n%s", page_css);
	if (print_style)
		print_style();
	fputs("</style>\n</head>\n<body>\n", stdout);
}

void page_end(void)
{
	printf("<script>//<![CDATA[\n%s//]]></script>\n</body>\n</html>\n", page_js);
}
