/* SPDX-License-Identifier: GPL-2.0 */
/* Loading and unloading dbgport.ko, and what it says in the kernel log. */
#ifndef SELFTESTS_MODULE_H
#define SELFTESTS_MODULE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * 0, or -errno.  The file is $DBGPORT_KO, or what is built below ./build.  Unless @params
 * name a backend, it is $DBGPORT_TEST_BACKEND, if that is set.
 */
int module_load(const char *params);
int module_unload(void);

/* Whether this kernel can have the backend ioeventfd. */
bool module_has_ioeventfd(void);

/*
 * A freshly loaded module, however it was before: no VM, no ring, ids from 1.
 * Ends the process if that fails, and the test as skipped if @params name a backend
 * that this kernel cannot have.
 */
void module_fresh(const char *params);

bool module_loaded(void);

/* Write or read one parameter of the loaded module.  0, or -errno. */
int module_set(const char *param, const char *value);
int module_get(const char *param, char *value, size_t size);

/* Write "1" to the parameter "unplug".  0, or -errno. */
int module_unplug(void);

/* From now on klog_has() looks at what the kernel says. */
void klog_start(void);

/* Whether the kernel has said @text, at one go, since klog_start(). */
bool klog_has(const char *text);

#endif /* SELFTESTS_MODULE_H */
