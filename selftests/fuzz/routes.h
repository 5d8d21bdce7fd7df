/* SPDX-License-Identifier: GPL-2.0 */
/* What holds for every route that was understood, wherever it was written. */
#ifndef FUZZ_ROUTES_H
#define FUZZ_ROUTES_H

#include "dbgportd/config/route.h"

/* The canonical text of each is that of the route that it is read as. */
void check_routes(const struct route *list);

/* One line, for people, and no more than that. */
void check_why(const char *why);

#endif /* FUZZ_ROUTES_H */
