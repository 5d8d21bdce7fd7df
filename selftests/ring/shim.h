/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of the kernel that the ring uses, in user space: mutexes for its locks,
 * atomics for READ_ONCE() and WRITE_ONCE() so that TSan sees them, and
 * an allocator that can be made to fail.
 */
#ifndef SELFTESTS_RING_SHIM_H
#define SELFTESTS_RING_SHIM_H

#include_next <linux/types.h>

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define likely(x)	(x)
#define unlikely(x)	(x)
#define min(x, y)	((x) < (y) ? (x) : (y))
#define min_t(type, x, y)	min((type)(x), (type)(y))

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, val)	__atomic_store_n(&(x), val, __ATOMIC_RELAXED)

#define spinlock_t		pthread_mutex_t
#define spin_lock_init(lock)	pthread_mutex_init(lock, NULL)
#define spin_lock(lock)		pthread_mutex_lock(lock)
#define spin_unlock(lock)	pthread_mutex_unlock(lock)

struct mutex {
	pthread_mutex_t lock;
};

#define mutex_init(mutex)	pthread_mutex_init(&(mutex)->lock, NULL)
#define mutex_lock(mutex)	pthread_mutex_lock(&(mutex)->lock)
#define mutex_unlock(mutex)	pthread_mutex_unlock(&(mutex)->lock)

/* Set by a test: there is no memory. */
extern bool shim_no_memory;

#define kvfree(p)	free(p)

static inline u64 ktime_get_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	unsigned long size = 1;

	while (size < n)
		size *= 2;
	return size;
}

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline int list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *item, struct list_head *head)
{
	item->next = head;
	item->prev = head->prev;
	head->prev->next = item;
	head->prev = item;
}

static inline void list_del_init(struct list_head *item)
{
	item->next->prev = item->prev;
	item->prev->next = item->next;
	INIT_LIST_HEAD(item);
}

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define list_for_each_entry_safe(pos, tmp, head, member)		\
	for (pos = container_of((head)->next, typeof(*pos), member),	\
	     tmp = container_of(pos->member.next, typeof(*pos), member);	\
	     &pos->member != (head);					\
	     pos = tmp, tmp = container_of(tmp->member.next, typeof(*tmp), member))

#endif /* SELFTESTS_RING_SHIM_H */
