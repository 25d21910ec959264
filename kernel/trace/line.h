/*
 * The trace line: how finished frames leave the machine.
 *
 *      cpu 0: encoder -> ring \
 *      cpu 1: encoder -> ring  >  transport: a virtio serial port, or a UART  ->  the host
 *      cpu 2: encoder -> ring /
 *
 * Each processor puts its frames into a ring of its own, and shares nothing with the others for that. At a tick,
 * before it halts, or when its ring has filled up, a processor hands the device what lies in all rings. One processor
 * at a time does so; if another one is doing it, the processor goes on with its work.
 *
 *      ring:   [ sent, free again | with the device | put, not yet handed over | free ]
 *                                 ^ sent            ^ handed                   ^ put
 *
 * Lossless: a processor whose ring is full empties it itself, and waits for nothing but the device. Discarding: it
 * never waits, and the frame is not taken. The stream stays whole either way: frames go out whole, each ring's in
 * order.
 *
 * The UART needs no preparation and serves until a virtio port is found, and again when the kernel panics or the virtio
 * device misbehaves. A device that takes nothing for ten seconds is given up, and the console says so; once the UART is
 * given up too, everything is thrown away, and what is lost is counted.
 *
 * Interrupts must be off for every call here.
 */
#pragma once

#include "arch/virtio_serial.h"

enum line_transport { TRANSPORT_UART, TRANSPORT_VIRTIO, TRANSPORT_NONE };
enum line_room { WAIT_FOR_ROOM, NEVER_WAIT };

/* How fast clock_ticks() counts, for giving up. To be called once, before anything is put. */
void line_begin(uint64_t ticks_per_second);

/*
 * Takes over to a virtio serial port, if there is one: what was put before goes out first, on the UART if anything has
 * gone out there. `map` as for virtio_find(). False, and no change, if there is none. One processor runs.
 */
bool line_start_virtio(void *(*map)(uintptr_t physical));

enum line_transport line_transport(void);

/*
 * Puts a whole frame into this processor's ring. False if it was not taken: there is no room and none may be waited
 * for, or the line was given up. O(length), but for waiting.
 */
bool line_put(unsigned cpu, const void *frame, size_t length, enum line_room room);

/* Hands the device what lies in all rings, as far as it has room now. Does nothing if another processor is doing so. */
void line_push(void);

/* Likewise, and waits until the device has all of it and has sent it. */
void line_drain(void);

/* How many bytes of what was put are not known to be sent. O(processors). */
uint64_t line_bytes_waiting(void);

/*
 * Whether the host has sent something on the transport in use. One look at memory, or one read of a port.
 */
bool line_has_input(void);

/*
 * Takes some of it: up to LINE_INPUT bytes, and returns how many. 0 if there is nothing, or another processor holds the
 * line.
 */
enum { LINE_INPUT = VIRTIO_SERIAL_INPUT };
size_t line_read(uint8_t bytes[LINE_INPUT]);

/*
 * For a panic: no other processor runs any more, and any of them may have been stopped in the middle of any call here.
 * What the device has not confirmed is sent again, on the UART: a reader skips frames that it has.
 */
void line_panic(void);
