/* SPDX-License-Identifier: GPL-2.0 */
/* All outputs of one VM: one for each route that is for it. */
#ifndef DBGPORTD_ROUTER_OUTPUTS_H
#define DBGPORTD_ROUTER_OUTPUTS_H

#include <stdbool.h>

#include "dbgportd/config/route.h"
#include "dbgportd/router/vm.h"
#include "words/entry.h"

/**
 * outputs_open() - open what the routes want and the VM has not
 * @vm: the VM; its position has begun
 * @routes: list of them; must stay
 * @several: as outputs_show_labels()
 *
 * Where a sink cannot be opened, or there is no memory, that is logged, and what
 * comes is dropped.  For want of descriptors and the like it is tried again each second,
 * as long as the VM is there.
 */
void outputs_open(struct vm *vm, const struct route *routes, bool several);

/* There has been more than one VM: LABEL_AUTO means a label on shared terminals now. */
void outputs_show_labels(struct vm *vm);

/* An event of the VM (ATTACHED, GONE or LOST), once on each sink that takes such. */
void outputs_event(struct vm *vm, const struct entry *event);

/* What is unfinished is finished. */
void outputs_end(struct vm *vm);

/* Close those of the routes in @gone, and those without a sink: it may be there now. */
void outputs_close_some(struct vm *vm, const struct route *gone);
void outputs_close(struct vm *vm);

#endif /* DBGPORTD_ROUTER_OUTPUTS_H */
