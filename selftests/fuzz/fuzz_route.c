// SPDX-License-Identifier: GPL-2.0
/* --sink PORT:MODE[=ARG][,KEY=VALUE]... */
#include "fuzz.h"
#include "routes.h"

int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	char *text = take_string(&in), why[512] = "";
	struct route *r;

	set_file("0x10 = ten\n", 11);
	r = route_parse(text, "--sink", why, sizeof(why));
	if (r) {
		check_routes(r);
		route_free(r);
	} else {
		CHECK(*why, "'%s'", text);
	}
	set_file(NULL, 0);
	free(text);
	return 0;
}
