/*
 * The serial ports: 16550 UARTs, polled. A UART that is not present reads as all ones, which means "ready". So bytes
 * that are sent to it are lost, and the sender does not wait for ever.
 */
#pragma once

#include "lib/types.h"

enum uart { UART_CONSOLE = 0x3f8, UART_TRACE = 0x2f8 };

/* 115,200 baud, 8 bits, no parity, FIFOs on, no interrupts. */
void uart_init(enum uart port);

/* Sends n bytes; returns when the last one is with the UART. O(n), but for waiting. */
void uart_write(enum uart port, const void *bytes, size_t n);

/* Sends as many of n bytes as the UART has room for now, and returns how many: 0 to 16. O(1). */
size_t uart_write_some(enum uart port, const void *bytes, size_t n);

/* Whether anything has come in. O(1). */
bool uart_has_input(enum uart port);

/* Takes what has come in, at most n bytes. Yields how many. O(n). */
size_t uart_read(enum uart port, void *bytes, size_t n);

/* Whether everything has left the UART: that the transmitter will take more (THRE) is not enough. O(1). */
bool uart_is_empty(enum uart port);

/* Waits until it is so. O(1), but for waiting. */
void uart_drain(enum uart port);
