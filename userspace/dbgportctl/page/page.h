/* SPDX-License-Identifier: GPL-2.0 */
/* The frame of a page of HTML that needs nothing else: its style and its script are in it. */
#ifndef DBGPORTCTL_PAGE_PAGE_H
#define DBGPORTCTL_PAGE_PAGE_H

/* @title: plain text */
void page_begin(const char *title);
void page_end(void);

/* What stands in page.css and page.js. */
extern const char page_css[], page_js[];

#endif /* DBGPORTCTL_PAGE_PAGE_H */
