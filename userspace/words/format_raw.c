// SPDX-License-Identifier: GPL-2.0
#include "words/format.h"

const struct format_ops format_raw = {
	.name = "raw",
	.help = "the exact bytes; not for terminals, except that of a pty",
	.raw = true,
	.unsafe = true,
};

const struct format_ops format_unsafe_raw = {
	.name = "unsafe-raw",
	.help = "the exact bytes, to your terminal too, which obeys them",
	.raw = true,
};
