// SPDX-License-Identifier: GPL-2.0
#include <assert.h>

#include "dbgportd/sink/settings.h"

static_assert(sizeof(struct sink_settings) == 14 * sizeof(__u64),
	      "all fourteen members are compared");

bool sink_settings_equal(const struct sink_settings *a, const struct sink_settings *b)
{
	return a->full == b->full && a->queue == b->queue && a->scrollback == b->scrollback &&
	       a->linger == b->linger && a->clients == b->clients && a->mode == b->mode &&
	       a->owner == b->owner && a->group == b->group &&
	       a->size == b->size && a->keep == b->keep && a->total == b->total &&
	       a->max_age == b->max_age && a->spool == b->spool && a->login == b->login;
}
