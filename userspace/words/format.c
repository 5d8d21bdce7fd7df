// SPDX-License-Identifier: GPL-2.0
#include "words/format.h"

const struct format_ops *const formats[] = {
	&format_raw,
	&format_unsafe_raw,
	&format_text,
	&format_json,
	&format_cloud_hypervisor,
	NULL,
};
