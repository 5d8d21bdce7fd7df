// SPDX-License-Identifier: GPL-2.0
/* usage: say PORT: a VM that writes our input to PORT, byte by byte. */
#include <err.h>
#include <stdlib.h>
#include <unistd.h>

#include "guest.h"

int main(int argc, char *argv[])
{
	static char data[GUEST_SAY_MAX];
	struct code code = { 0 };
	struct guest *guest;
	ssize_t n;

	if (argc != 2)
		errx(2, "usage: say PORT");
	code_say(&code, strtoul(argv[1], NULL, 0));
	guest = guest_new(1, &code);
	while ((n = read(STDIN_FILENO, data, sizeof(data))) > 0)
		guest_say(guest, data, n);
	if (n < 0)
		err(1, "input");
	guest_free(guest);
	return 0;
}
