/*
 * QEMU's monitor: what a person would type to it. Here it only makes a machine say where it hangs.
 */
#pragma once

/*
 * Sends a non-maskable interrupt to the processors of a machine whose QEMU listens at the socket `path`. A kernel that
 * loops with interrupts off takes it, panics, and prints where it was. Yields the connection, to be closed once the
 * machine has ended: QEMU may not read what was sent on one that is closed. -1 if nothing listens there.
 */
int qemu_monitor_interrupt(const char *path);
