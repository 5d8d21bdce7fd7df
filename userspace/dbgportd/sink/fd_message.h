/* SPDX-License-Identifier: GPL-2.0 */
/* Messages on a socket that may bring an open file along. */
#ifndef DBGPORTD_SINK_FD_MESSAGE_H
#define DBGPORTD_SINK_FD_MESSAGE_H

#include <stddef.h>

/**
 * fd_message_send() - send one, without waiting
 * @to: a SOCK_SEQPACKET socket
 * @data, @size: the message
 * @fd: goes along; -1: none does
 *
 * Return: 0 or a negative errno.
 */
int fd_message_send(int to, const void *data, size_t size, int fd);

/**
 * fd_message_receive() - receive one
 * @from: a SOCK_SEQPACKET socket
 * @data, @size: where to; a message of another size is -EBADMSG
 * @fd: set to the file that came along, close-on-exec; -1: none did
 * @flags: MSG_DONTWAIT or 0
 *
 * Return: 0 or a negative errno; -EPIPE: the other end is closed.
 */
int fd_message_receive(int from, void *data, size_t size, int *fd, int flags);

#endif /* DBGPORTD_SINK_FD_MESSAGE_H */
