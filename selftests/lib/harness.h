/* SPDX-License-Identifier: GPL-2.0 */
/*
 * harness.h - kselftest's harness, with time for debug kernels in emulation and busy machines
 *
 * A test's time limit is there to end those that hang.
 */
#ifndef _HARNESS_H
#define _HARNESS_H

#include "kselftest_harness.h"

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300

#endif /* _HARNESS_H */
