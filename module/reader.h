/* SPDX-License-Identifier: GPL-2.0 */
/* reader.h - one open file of /dev/dbgport, and what is read from it */
#ifndef _DBGPORT_READER_H
#define _DBGPORT_READER_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/types.h>

struct dbgport_listener;
struct dbgport_reader;	/* a file's private_data */

/* File operations. */
int dbgport_reader_open(struct inode *inode, struct file *file);
int dbgport_reader_release(struct inode *inode, struct file *file);
ssize_t dbgport_reader_read_iter(struct kiocb *iocb, struct iov_iter *to);
__poll_t dbgport_reader_poll(struct file *file, poll_table *wait);

/* For ioctls. */
const struct dbgport_listener *dbgport_reader_listener(const struct dbgport_reader *reader);
int dbgport_reader_subscribe(struct dbgport_reader *reader, u32 flags);
int dbgport_reader_seek(struct dbgport_reader *reader, u32 id, u64 seq);
int dbgport_reader_progress(struct dbgport_reader *reader, u32 id, u64 *delivered,
			    u64 *lost);

#endif /* _DBGPORT_READER_H */
