; How a CPU other than the boot CPU begins: copied to a page below 1 MiB, where
; a start-up interrupt finds it in real mode with CS = page / 16 and IP = 0.
; smp.c fills in the words at the end. No stack is used before paging is on.

global smp_start_begin, smp_start_end
global smp_start_cr0, smp_start_cr3, smp_start_cr4
global smp_start_stack, smp_start_entry, smp_start_arrived

%define AT(label) ((label) - smp_start_begin)

section .rodata
align 8
smp_start_begin:
bits 16
	cli
	cld
	mov	ax, cs
	mov	ds, ax
	movzx	ebx, ax
	shl	ebx, 4		; EBX: the page's address, from here to the end
	lea	eax, [ebx + AT(gdt)]
	mov	[AT(gdt_register) + 2], eax
	lea	eax, [ebx + AT(protected)]
	mov	[AT(target)], eax
	o32 lgdt [AT(gdt_register)]
	mov	eax, cr0
	or	al, 1		; PE
	mov	cr0, eax
	jmp	far dword [AT(target)]

bits 32
protected:
	mov	ax, 0x10
	mov	ds, ax
	mov	es, ax
	mov	ss, ax
	xor	eax, eax
	mov	fs, ax
	mov	gs, ax
	mov	eax, [ebx + AT(smp_start_cr4)]
	mov	cr4, eax
	mov	eax, [ebx + AT(smp_start_cr3)]
	mov	cr3, eax
	mov	eax, [ebx + AT(smp_start_cr0)]
	mov	cr0, eax	; paging: this page is mapped at its own address
	mov	esp, [ebx + AT(smp_start_stack)]
	mov	eax, [ebx + AT(smp_start_entry)]
	mov	dword [ebx + AT(smp_start_arrived)], 1
	xor	ebp, ebp
	push	ebp		; there is nowhere to return to
	jmp	eax

align 8
gdt:			dq	0
			dq	0x00CF9B000000FFFF	; 0x08: flat code
			dq	0x00CF93000000FFFF	; 0x10: flat data
gdt_register:		dw	23
			dd	0			; address of gdt
target:			dd	0			; address of protected
			dw	0x08
align 4
smp_start_cr0:		dd	0
smp_start_cr3:		dd	0
smp_start_cr4:		dd	0
smp_start_stack:	dd	0
smp_start_entry:	dd	0
smp_start_arrived:	dd	0
smp_start_end:
