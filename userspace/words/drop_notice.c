// SPDX-License-Identifier: GPL-2.0
#include "words/drop_notice.h"

const struct drop_notice drop_notice_lf = { "\n[… ", " bytes dropped …]\n" };
const struct drop_notice drop_notice_crlf = { "\r\n[… ", " bytes dropped …]\r\n" };
