/* SPDX-License-Identifier: GPL-2.0 */
/* Text in XML and HTML, on standard output. */
#ifndef DBGPORTCTL_PAGE_MARKUP_H
#define DBGPORTCTL_PAGE_MARKUP_H

/*
 * @text as content or in a quoted attribute: what would be markup is escaped, and
 * what XML cannot have at all (controls, U+FFFE, U+FFFF, no UTF-8) is U+FFFD.
 */
void markup_text(const char *text);

/*
 * @text as a string of JSON in an element whose content is a script or data: nothing in
 * it ends the element, and what XML cannot have is U+FFFD.
 */
void markup_json(const char *text);

#endif /* DBGPORTCTL_PAGE_MARKUP_H */
