// SPDX-License-Identifier: GPL-2.0
#include "words/drop_notice.h"
#include "words/format.h"

const struct note note_lf = { "\n[… ", " bytes dropped …]\n" };
const struct note note_crlf = { "\r\n[… ", " bytes dropped …]\r\n" };
static const struct note note_json = { "{\"type\":\"dropped\",\"bytes\":", "}\n" };

const struct note *note_in(const struct format_ops *format, const struct note *text)
{
	return format == &format_json ? &note_json : text;
}
