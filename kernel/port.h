/* The I/O instructions. Who may use them on which port is decided elsewhere. */
#ifndef KERNEL_PORT_H
#define KERNEL_PORT_H

#include "gates/abi.h"

static inline u8 port_in8(u16 port)
{
	u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline u16 port_in16(u16 port)
{
	u16 value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline u32 port_in32(u16 port)
{
	u32 value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

static inline void port_out8(u16 port, u8 value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_out16(u16 port, u16 value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_out32(u16 port, u32 value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

/* `count` 16-bit transfers between one port and memory. */
static inline void port_in_block(u16 port, void *to, u32 count)
{
	__asm__ volatile("rep insw"
			 : "+D"(to), "+c"(count)
			 : "d"(port)
			 : "memory");
}

static inline void port_out_block(u16 port, const void *data, u32 count)
{
	__asm__ volatile("rep outsw"
			 : "+S"(data), "+c"(count)
			 : "d"(port)
			 : "memory");
}

#endif
