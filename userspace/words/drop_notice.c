// SPDX-License-Identifier: GPL-2.0
#include "words/drop_notice.h"
#include "words/format.h"

const struct drop_notice drop_notice_lf = { "\n[… ", " bytes dropped …]\n" };
const struct drop_notice drop_notice_crlf = { "\r\n[… ", " bytes dropped …]\r\n" };
static const struct drop_notice drop_notice_json = { "{\"type\":\"dropped\",\"bytes\":", "}\n" };

const struct drop_notice *drop_notice_in(const struct format_ops *format,
					 const struct drop_notice *text)
{
	return format == &format_json ? &drop_notice_json : text;
}
