/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest that measures what its accesses cost, by the cycle counter: 64 KiB at
 * the end of the address space, where the CPU begins.  For whatever VMM runs it.
 *
 * -DOUTB, -DOUTL, -DOUTSB or -DINB says which.  It makes ROUNDS * 512 of them,
 * tells their cycles in four bytes at port 0x500, low ones first, and ends by a
 * write to port 0xf4.
 */
#define ROUNDS	20

#ifdef INB
#define PORT	0x402
#else
#define PORT	0xe9
#endif

	.code16
	.macro	round
	mov	$512, %cx
#ifdef OUTSB
	mov	$text, %si
	rep outsb
#else
1:
# if defined(OUTB)
	out	%al, %dx
# elif defined(OUTL)
	out	%eax, %dx
# elif defined(INB)
	in	%dx, %al
# endif
	dec	%cx
	jnz	1b
#endif
	.endm

	.globl	_start
_start:
	mov	%cs, %ax
	mov	%ax, %ds
	cld
	/* What happens once, happens here. */
	mov	$PORT, %dx
	round

	rdtsc
	mov	%eax, %ebx
	mov	$0x6f, %eax
	mov	$PORT, %dx
	mov	$ROUNDS, %di
2:	round
	dec	%di
	jnz	2b
	rdtsc
	sub	%ebx, %eax

	mov	$4, %cx
	mov	$0x500, %dx
3:	out	%al, %dx
	shr	$8, %eax
	loop	3b

	out	%al, $0xf4
4:	hlt
	jmp	4b

text:	.fill	512, 1, 0x6f

	/* The reset vector. */
	.org	0xfff0
	jmp	_start
	.org	0x10000
