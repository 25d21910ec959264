/*
 * The schema as data: what events.def says, for the encoder and the stream's header.
 */
#pragma once

#include <stdint.h>

/* How a field is coded on the wire; see docs/trace-format.md. */
enum wire { WIRE_END, WIRE_NUMBER, WIRE_ADDRESS, WIRE_TEXT };

/* The wire coding of each field of an event, in order, closed by WIRE_END. */
extern const uint8_t *const schema_wire[];

/* The category, enum and event lines of the stream's header, zero-terminated. */
extern const char schema_text[];
