; From the boot loader (Multiboot 1: protected mode, flat, paging off) to C:
; the first page directory maps the first 640 MiB both at 0 and at 3 GiB.

%include "offsets.inc"

%define CORE 0xC0000000
%define DIRECT_ENTRIES 160	; of 4 MiB each
%define MAGIC 0x1BADB002
%define FLAGS 0x00000003	; modules page-aligned, memory map wanted

global boot_physical, boot_directory, boot_stack
extern core_main

section .boot
align 4
	dd	MAGIC, FLAGS, -(MAGIC + FLAGS)

boot_physical:
	cld
	mov	esi, eax	; the loader's magic
	mov	edi, boot_directory - CORE
	mov	eax, 0x83	; present, writable, 4 MiB
	mov	ecx, DIRECT_ENTRIES
.entry:
	mov	[edi], eax
	mov	[edi + (CORE >> 20)], eax
	add	edi, 4
	add	eax, 0x400000
	loop	.entry
	mov	eax, boot_directory - CORE
	mov	cr3, eax
	mov	eax, cr4
	or	eax, 0x90	; PSE, PGE
	mov	cr4, eax
	mov	eax, cr0
	and	eax, ~0x60000000 ; caches on
	or	eax, 0x80010004	; PG, WP; EM: nobody computes with floats yet
	mov	cr0, eax
	mov	eax, boot_high
	jmp	eax

section .text
boot_high:
	mov	esp, boot_stack + THREAD_STACK
	xor	ebp, ebp
	push	ebp
	popfd
	mov	eax, esi	; magic
	mov	edx, ebx	; physical address of the Multiboot information
	call	core_main
	ud2

%ifdef FLAT ; THREAD_STACK: an attribute takes no name
section .bss.page nobits alloc write align=32768
%else
section .bss.page nobits alloc write align=8192
%endif
boot_stack:	resb THREAD_STACK	; the boot thread's: its lowest word points to it
boot_directory:	resb 4096
