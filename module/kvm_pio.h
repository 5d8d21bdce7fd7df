/* SPDX-License-Identifier: GPL-2.0 */
/* kvm_pio.h - KVM's tracepoint of port I/O */
#ifndef _DBGPORT_KVM_PIO_H
#define _DBGPORT_KVM_PIO_H

/* Called for each access to a port; see kvm_pio_probe(). */
typedef void (*kvm_pio_t)(void *unused, unsigned int rw, unsigned int port,
			  unsigned int width, unsigned int count, const void *data);

/* What it is called with for a write. */
#define KVM_PIO_WRITE	1

int kvm_pio_probe(kvm_pio_t probe);
void kvm_pio_unprobe(kvm_pio_t probe);
void kvm_pio_settle(void);

#endif /* _DBGPORT_KVM_PIO_H */
