// SPDX-License-Identifier: GPL-2.0
#include <sys/random.h>

#include "dbgportctl/otlp/retry.h"
#include "lib/clock.h"

__u64 retry_ns(const struct answer *answer, unsigned int tries)
{
	__u64 s = 1, part = 0;

	if (answer->retry_s)
		return answer->retry_s * NSEC_PER_SEC;
	while (--tries && s < RETRY_MOST_S)
		s *= 2;
	if (s > RETRY_MOST_S)
		s = RETRY_MOST_S;
	/* Without random numbers all come at once: no harm. */
	if (getrandom(&part, sizeof(part), GRND_NONBLOCK) < 0)
		part = 0;
	return s * NSEC_PER_SEC - part % (s * NSEC_PER_SEC / 2);
}
