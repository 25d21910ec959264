/*
 * The serial ports: 16550 UARTs, polled. A UART that is not present reads as all ones, which means "ready". So bytes
 * that are sent to it are lost, and the sender does not wait for ever. Nothing here takes a lock: calls that write to
 * one port must not overlap, nor must calls that read from it.
 */
#pragma once

#include "lib/types.h"

enum uart { UART_CONSOLE = 0x3f8, UART_TRACE = 0x2f8 };

/*
 * 115,200 baud, 8 bits, no parity, FIFOs on, no interrupts. To be called once for each port, before any other call.
 * What the UART has received by then is kept, and read first. O(1).
 */
void uart_init(enum uart port);

/* Sends n bytes; returns when the UART has taken the last one. O(n), and the wait. */
void uart_write(enum uart port, const void *bytes, size_t n);

/* Sends as many of n bytes as the UART has room for now, and returns how many: 0 to 16. O(1). */
size_t uart_write_some(enum uart port, const void *bytes, size_t n);

/* Whether anything has come in. O(1). */
bool uart_has_input(enum uart port);

/* Takes what has come in, at most n bytes, without waiting. Yields how many. O(n). */
size_t uart_read(enum uart port, void *bytes, size_t n);

/* Whether everything has left the UART: that the transmitter will take more (THRE) is not enough. O(1). */
bool uart_is_empty(enum uart port);

/* Waits until everything has left. O(1), and the wait. */
void uart_drain(enum uart port);
