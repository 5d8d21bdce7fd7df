// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "dbgportd/nats/lane.h"
#include "lib/hash.h"

/* Beyond that those that are idle are forgotten. */
#define LANES_MAX	8192
#define LISTS		1024

static struct lane *lists[LISTS];
static size_t count;
static struct lane *ready;

static bool is_idle(const struct lane *lane)
{
	return !lane->first && !lane->is_ready;
}

static void forget(bool (*is_meant)(const struct lane *lane))
{
	for (size_t i = 0; i < LISTS; i++) {
		struct lane **link = &lists[i], *lane;

		while ((lane = *link)) {
			if (is_meant && !is_meant(lane)) {
				link = &lane->next;
				continue;
			}
			*link = lane->next;
			free(lane);
			count--;
		}
	}
}

struct lane *lane_of(const char *subject)
{
	struct lane **list = &lists[hash(subject, strlen(subject)) % LISTS], *lane = *list;

	while (lane && strcmp(lane->subject, subject))
		lane = lane->next;
	if (lane)
		return lane;
	if (count >= LANES_MAX)
		forget(is_idle);
	lane = calloc(1, sizeof(*lane) + strlen(subject) + 1);
	if (!lane)
		return NULL;
	memcpy(lane->subject, subject, strlen(subject));
	lane->next = *list;
	*list = lane;
	count++;
	return lane;
}

void lane_add(struct item *item)
{
	struct lane *lane = item->lane;

	if (lane->first)
		lane->last->next = item;
	else
		lane->first = item;
	lane->last = item;
	lane_make_ready(lane);
}

void lane_make_ready(struct lane *lane)
{
	if (lane->is_ready || lane->sent_ns || !lane->first)
		return;
	lane->is_ready = true;
	lane->next_ready = ready;
	ready = lane;
}

struct lane *lane_next_ready(void)
{
	struct lane *lane = ready;

	if (lane) {
		ready = lane->next_ready;
		lane->is_ready = false;
	}
	return lane;
}

void lane_finish_first(struct lane *lane)
{
	lane->first->done = true;
	lane->first = lane->first->next;
}

void lane_finish_up_to(struct lane *lane, const char *id)
{
	const struct item *item = lane->first;

	while (item && strcmp(item->id, id))
		item = item->next;
	while (item && lane->first != item)
		lane_finish_first(lane);
	if (item)
		lane_finish_first(lane);
}

void lanes_doubt(void)
{
	for (size_t i = 0; i < LISTS; i++) {
		for (struct lane *lane = lists[i]; lane; lane = lane->next) {
			lane->known = false;
			lane->sent_ns = 0;
			lane_make_ready(lane);
		}
	}
}

bool lanes_wait_since(__u64 ns)
{
	for (size_t i = 0; i < LISTS; i++) {
		for (const struct lane *lane = lists[i]; lane; lane = lane->next) {
			if (lane->sent_ns && lane->sent_ns < ns)
				return true;
		}
	}
	return false;
}

void lanes_free(void)
{
	forget(NULL);
	ready = NULL;
}
