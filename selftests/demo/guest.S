/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that is all firmware: 64 KiB at the end of the address space, where
 * the CPU begins.  It says a few lines to the debug console and halts.
 */
	.code16
	.globl	_start
_start:
	mov	%cs, %ax
	mov	%ax, %ds
	cld
	mov	$text, %si
	mov	$(text_end - text), %cx
	mov	$0xe9, %dx
	rep outsb
1:	cli
	hlt
	jmp	1b

text:	.ascii	"Hello from a guest of 20 bytes of code.\n"
	.ascii	"I have no driver, no console and no serial port:\n"
	.ascii	"all of this is one instruction, rep outsb to port 0xe9.\n"
text_end:

	/* The reset vector. */
	.org	0xfff0
	jmp	_start
	.org	0x10000
