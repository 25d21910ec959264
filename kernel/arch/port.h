/* The processor's I/O ports. */
#pragma once

#include <stdint.h>

static inline void port_write8(uint16_t port, uint8_t value)
{
        __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void port_write32(uint16_t port, uint32_t value)
{
        __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read8(uint16_t port)
{
        uint8_t value;

        __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
        return value;
}
