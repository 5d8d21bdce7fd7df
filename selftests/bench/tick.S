/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that writes one byte to the console port a hundred times a second, each
 * one higher than the one before, and rests: 64 KiB at the end of the address space,
 * where the CPU begins.  For whatever VMM runs it and has a PC's timer.
 */
	.code16
	.globl	_start
_start:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	mov	$0x7c00, %sp
	/* Without its APIC, the CPU takes what the PIC gives. */
	mov	$0x1b, %ecx
	rdmsr
	and	$~0x800, %eax
	wrmsr
	/* Interrupts from 0x20 on, of which only the timer's may come. */
	movw	$tick, 0x20 * 4
	movw	$0xf000, 0x20 * 4 + 2
	mov	$0x11, %al
	out	%al, $0x20
	mov	$0x20, %al
	out	%al, $0x21
	mov	$0x04, %al
	out	%al, $0x21
	mov	$0x01, %al
	out	%al, $0x21
	mov	$0xfe, %al
	out	%al, $0x21
	/* 1193182 Hz / 11932 */
	mov	$0x34, %al
	out	%al, $0x43
	mov	$11932 & 0xff, %al
	out	%al, $0x40
	mov	$11932 >> 8, %al
	out	%al, $0x40
	sti
1:	hlt
	jmp	1b

tick:	mov	%bl, %al
	out	%al, $0xe9
	inc	%bl
	mov	$0x20, %al
	out	%al, $0x20
	iret

	/* The reset vector. */
	.org	0xfff0
	jmp	_start
	.org	0x10000
