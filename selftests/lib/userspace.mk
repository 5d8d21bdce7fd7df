# SPDX-License-Identifier: GPL-2.0
# How tests of user space's parts are built: under the sanitizers.
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover
CFLAGS += -std=gnu11 -O1 -g -fno-omit-frame-pointer -Wall -Wextra -Werror $(SANITIZE)
# The harness compares as its macros are given, int against unsigned, and clang 11 sees
# that it does not use all that it passes.
CFLAGS += -Wno-sign-compare -Wno-unused-parameter
# Paths in a directory of the test's own are short; older clangs do not know the warning.
CFLAGS += -Wno-format-truncation -Wno-unknown-warning-option
