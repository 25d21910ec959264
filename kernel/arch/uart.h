/*
 * The serial ports: 16550 UARTs, polled. One that is not there reads as all ones, which says "ready" to everyone
 * who waits for it, so what is sent to it is lost and nobody hangs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum uart { UART_CONSOLE = 0x3f8, UART_TRACE = 0x2f8 };

/* 115,200 baud, 8 bits, no parity, FIFOs on, no interrupts. */
void uart_init(enum uart port);

/*
 * Sends n bytes; returns when the last one is with the UART. False, and the rest is lost, if the UART takes nothing for
 * many times as long as it needs for what it holds: then nobody reads at its other end. O(n), but for waiting.
 */
bool uart_write(enum uart port, const void *bytes, size_t n);

/* Takes what has come in, at most n bytes. Yields how many. */
size_t uart_read(enum uart port, void *bytes, size_t n);

/* Returns when everything has left the UART: that the transmitter will take more (THRE) is not enough. */
void uart_drain(enum uart port);
