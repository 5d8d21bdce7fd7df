// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "dbgportd/nats/inbox.h"
#include "lib/clock.h"

/* Guards all below. */
static pthread_mutex_t mutex;
static pthread_cond_t cond;
static struct answer *answers, **answers_end = &answers;
static unsigned long connection;
static bool woken, lost, stopping;

static void make(void)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&cond, &attr);
	pthread_condattr_destroy(&attr);
}

void inbox_open(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make);
	woken = false;
	lost = false;
	stopping = false;
}

static void forget_answers(void)
{
	struct answer *a;

	while ((a = inbox_take()))
		free(a);
}

void inbox_close(void)
{
	forget_answers();
}

unsigned long inbox_connect(void)
{
	unsigned long number;

	forget_answers();
	pthread_mutex_lock(&mutex);
	lost = false;
	number = ++connection;
	pthread_mutex_unlock(&mutex);
	return number;
}

void inbox_lose(unsigned long number)
{
	pthread_mutex_lock(&mutex);
	lost = lost || number == connection;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

void inbox_put(struct answer *answer)
{
	answer->next = NULL;
	pthread_mutex_lock(&mutex);
	*answers_end = answer;
	answers_end = &answer->next;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

static void set(bool *flag)
{
	pthread_mutex_lock(&mutex);
	*flag = true;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&mutex);
}

void inbox_wake(void)
{
	set(&woken);
}

void inbox_stop(void)
{
	set(&stopping);
}

struct answer *inbox_take(void)
{
	struct answer *a;

	pthread_mutex_lock(&mutex);
	a = answers;
	if (a)
		answers = a->next;
	if (!answers)
		answers_end = &answers;
	pthread_mutex_unlock(&mutex);
	return a;
}

static bool get(const bool *flag)
{
	bool is;

	pthread_mutex_lock(&mutex);
	is = *flag;
	pthread_mutex_unlock(&mutex);
	return is;
}

bool inbox_is_lost(void)
{
	return get(&lost);
}

bool inbox_is_stopping(void)
{
	return get(&stopping);
}

static struct timespec in(unsigned int ms)
{
	__u64 ns = clock_ns(CLOCK_MONOTONIC) + ms * NSEC_PER_MSEC;

	return (struct timespec){ .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };
}

void inbox_wait(unsigned int ms)
{
	struct timespec end = in(ms);

	pthread_mutex_lock(&mutex);
	while (!answers && !woken && !lost && !stopping) {
		if (pthread_cond_timedwait(&cond, &mutex, &end) == ETIMEDOUT)
			break;
	}
	woken = false;
	pthread_mutex_unlock(&mutex);
}

void inbox_pause(unsigned int ms)
{
	struct timespec end = in(ms);

	pthread_mutex_lock(&mutex);
	while (!stopping) {
		if (pthread_cond_timedwait(&cond, &mutex, &end) == ETIMEDOUT)
			break;
	}
	pthread_mutex_unlock(&mutex);
}
