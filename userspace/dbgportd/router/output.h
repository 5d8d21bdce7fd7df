/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One route of one VM: takes the VM's writes to the route's port, makes entries
 * of them (lines, codes, single writes) and puts them on the sink in the
 * route's format.
 */
#ifndef DBGPORTD_ROUTER_OUTPUT_H
#define DBGPORTD_ROUTER_OUTPUT_H

#include <dbgport.h>
#include <stdbool.h>

#include "dbgportd/config/route.h"
#include "dbgportd/router/limit.h"
#include "dbgportd/router/position.h"
#include "dbgportd/router/vm.h"
#include "dbgportd/sink/sink.h"
#include "words/entry.h"
#include "words/format.h"
#include "words/lines.h"
#include "words/storm.h"

/**
 * struct output - one route of one VM
 * @next: the VM's next one
 * @route: where it comes from
 * @vm: whose
 * @sink: where it goes; NULL: it could not be opened, what comes is dropped
 * @limit: of a route with rate=, once something was written; NULL
 * @lines: line assembly, of formats that want lines
 * @storm: recognises Linux's io_delay, of outputs that take codes
 * @next_untold: in the list of outputs that have more to tell than they have shown
 * @is_untold: in that list
 * @waits: for a sink, which may be opened later
 * @position: how far what it took has been written, for a restarted daemon
 * @formatter: what entries are rendered with; of no use without @sink
 * @records: writes taken
 * @bytes: sum of their widths
 */
struct output {
	struct output *next;
	const struct route *route;
	struct vm *vm;
	struct sink *sink;
	struct limit *limit;
	struct lines lines;
	struct storm storm;
	struct output *next_untold;
	bool is_untold;
	bool waits;
	struct position position;
	struct formatter formatter;
	__u64 records;
	__u64 bytes;
};

/**
 * output_init() - begin an output whose sink is open
 * @out: what to set
 * @vm: the VM; must stay
 * @route: the route; must stay
 * @sink: where it goes; NULL: what comes is dropped
 */
void output_init(struct output *out, struct vm *vm, const struct route *route, struct sink *sink);

/*
 * From now on LABEL_AUTO means a label on shared terminals, too: there is more than one
 * VM.  On other shared sinks it always does.
 */
void output_show_labels(struct output *out);

/* What is unfinished is finished: lines, and codes that were counted only. */
void output_end(struct output *out);

/* The same, and the sink writes the rest in its own time. */
void output_close(struct output *out);

/**
 * output_writes() - DBGPORT_WRITEs to one port of the route's
 * @out: the output
 * @rec: the first of them; anything may stand in it
 * @count: how many, at least 1: of the same width, and their numbers without a gap
 *
 * Return: whether there is a sink for them.
 */
bool output_writes(struct output *out, const struct dbgport_record *rec, size_t count);

/* Whether entries of this type are shown here. */
bool output_shows(const struct output *out, enum entry_type type);

/**
 * output_event() - show ATTACHED, GONE or LOST
 * @out: an output that output_shows() it
 * @entry: the event; of LOST, only what this output has not had yet
 */
void output_event(struct output *out, const struct entry *entry);

/* One entry, in the output's format. */
void output_entry(struct output *out, const struct entry *entry);

#endif /* DBGPORTD_ROUTER_OUTPUT_H */
