/* SPDX-License-Identifier: GPL-2.0 */
/* What a fleet has published: objects of dbgportd's JSON, each of one host and VM. */
#ifndef DBGPORTCTL_FLEET_MESSAGES_H
#define DBGPORTCTL_FLEET_MESSAGES_H

#include <stdbool.h>

#include "dbgportctl/fleet/fleet.h"
#include "dbgportctl/fleet/jetstream.h"
#include "lib/hostname.h"
#include "lib/vmname.h"

/* More than any subject that is asked for. */
#define FLEET_SUBJECT_SIZE	(NATS_SUBJECT_MAX_LEN + 3 * (HOSTNAME_SIZE + VMNAME_SIZE) + 16)

/**
 * struct fleet_message - one of them
 * @host: the host that published it, as the server lets it say; empty: it has no name
 * @vm: the VM's name there; NATS_NO_NAME: it is about none
 * @number: its number in the stream
 * @time_ns: when the stream took it, CLOCK_REALTIME
 * @text: the object, hostile: @len bytes, which may be changed, and a NUL
 * @len: of @text
 *
 * @text stays until the next call.
 */
struct fleet_message {
	char host[HOSTNAME_SIZE];
	char vm[VMNAME_SIZE];
	__u64 number;
	__u64 time_ns;
	char *text;
	size_t len;
};

/**
 * struct fleet_messages - those that are read
 * @fleet: which
 * @names: only of VMs with one of these names, ending with NULL; none: of all
 * @subject: what the server is asked for, which may be more
 * @kept: how many of those the stream had when reading began
 * @came: how many of them came
 * @last: the number of the last one that came; 0: none did
 * @end: all that had been published up to then has come
 */
struct fleet_messages {
	const struct fleet *fleet;
	char *const *names;
	char subject[FLEET_SUBJECT_SIZE];
	__u64 kept;
	__u64 came;
	__u64 last;
	bool end;
};

/**
 * fleet_open() - connect
 * @m: filled in
 * @fleet: which messages; must stay
 * @names: as struct fleet_messages has them; must stay
 * @why: on failure, one line for the user, JETSTREAM_WHY bytes
 *
 * To be followed by jetstream_close(), whatever comes of it.
 *
 * Return: 0 or -1.
 */
int fleet_open(struct fleet_messages *m, const struct fleet *fleet, char *const *names,
	       char *why);

/* The same again, after the connection was lost. */
int fleet_open_again(struct fleet_messages *m, char *why);

/**
 * fleet_begin() - begin to read, or begin anew
 * @m: opened
 * @from, @at: from where on, as jetstream_begin() takes it
 * @why: as for fleet_open()
 *
 * Return: 0 or -1.
 */
int fleet_begin(struct fleet_messages *m, enum jetstream_from from, __u64 at, char *why);

/* The same from the beginning of the time that is asked for. */
int fleet_begin_since(struct fleet_messages *m, char *why);

/**
 * fleet_next() - the next message of those that had been published when reading began
 * @m: begun
 * @msg: set to it
 * @why: as for fleet_open()
 *
 * Return: 1; 0: there is none, or only such as are too new for what is asked for; -1.
 */
int fleet_next(struct fleet_messages *m, struct fleet_message *msg, char *why);

/**
 * fleet_wait() - the next message, whenever it comes
 * @m: read to its end
 * @msg: set to it
 * @ms: how long to wait
 * @why: as for fleet_open()
 *
 * Return: 1; 0: none that is asked for came; -1.
 */
int fleet_wait(struct fleet_messages *m, struct fleet_message *msg, unsigned int ms, char *why);

/* Say in @why, as for fleet_open(), that there was none of those that were asked for. */
void fleet_explain_none(const struct fleet_messages *m, char *why);

#endif /* DBGPORTCTL_FLEET_MESSAGES_H */
