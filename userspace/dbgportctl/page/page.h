/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pages of HTML are made of.  A page needs nothing else: its style and its
 * script are in it.  What stands on a page does not enter here.
 */
#ifndef DBGPORTCTL_PAGE_PAGE_H
#define DBGPORTCTL_PAGE_PAGE_H

/**
 * page_begin() - begin a page, on standard output
 * @title: plain text
 * @print_style: prints more CSS, for this page alone; NULL: there is none
 */
void page_begin(const char *title, void (*print_style)(void));

/* All that was begun. */
void page_end(void);

/* What stands in page.css and the scripts. */
extern const char page_css[], page_js[];

#endif /* DBGPORTCTL_PAGE_PAGE_H */
