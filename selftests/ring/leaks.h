/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What AddressSanitizer's library has, and no other: <sanitizer/lsan_interface.h> is not
 * there with each compiler.
 */
#ifndef SELFTESTS_RING_LEAKS_H
#define SELFTESTS_RING_LEAKS_H

/* Tell of what is not reachable any more; not 0 if there is something. */
int __lsan_do_recoverable_leak_check(void);
#pragma weak __lsan_do_recoverable_leak_check

static inline int leaks(void)
{
	return __lsan_do_recoverable_leak_check ? __lsan_do_recoverable_leak_check() : 0;
}

#endif /* SELFTESTS_RING_LEAKS_H */
