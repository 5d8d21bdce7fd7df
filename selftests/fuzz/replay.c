// SPDX-License-Identifier: GPL-2.0
/* Gives a target the bytes of files, one after the other. */
#include <string.h>

#include "fuzz.h"

static void replay(const char *path)
{
	FILE *f = fopen(path, "r");
	uint8_t *data = malloc(1);
	size_t size = 0;
	int c;

	if (!f) {
		perror(path);
		exit(1);
	}
	/* As large as the input: what reads beyond it is seen. */
	while (data && (c = getc(f)) != EOF) {
		data = realloc(data, size + 1);
		if (data)
			data[size++] = c;
	}
	if (!data)
		abort();
	fclose(f);
	/* If it ends here, this was it. */
	fprintf(stderr, "%s\n", path);
	fuzz_one(data, size);
	free(data);
}

int main(int argc, char *argv[])
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	return 0;
}
