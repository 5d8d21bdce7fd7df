// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "dbgportctl/page/markup.h"
#include "dbgportctl/page/page.h"

/* A file as a string, which page.h declares; found as #include finds it. */
#define EMBED(name, file)				\
	asm(".section .rodata\n"			\
	    ".globl " #name "\n"			\
	    #name ":\n"					\
	    ".incbin \"" file "\"\n"			\
	    ".byte 0\n"					\
	    ".previous\n")

EMBED(page_css, "dbgportctl/page/page.css");
EMBED(page_js, "dbgportctl/page/page.js");

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
	printf("<div id=\"tip\" role=\"tooltip\" hidden=\"\"></div>\n"
	       "<script>//<![CDATA[\n%s//]]></script>\n</body>\n</html>\n", page_js);
}
