/*
 * What the targets share that read a stream. libFuzzer damages the bodies of frames, and each is sent with a right
 * checksum, behind the header of a real recording: so the damage arrives at the events and is not thrown away with its
 * frame.
 *
 * An input is a row of bodies, each behind two bytes with its length, the low byte first.
 */
#pragma once

#include "stream/reader.h"

/* Reads the header of the recording that the environment's FUZZ_RECORDING names; ends the program if that fails. */
void fuzz_read_header(void);

/* A stream of the header and an input's frames; NULL if it cannot be read. fuzz_close() frees it. */
struct reader *fuzz_open(const uint8_t *input, size_t size);
void fuzz_close(struct reader *reader);
