/*
 * CRC-32C, the checksum of every frame: Castagnoli's polynomial, reflected; start and final xor are all ones.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *bytes, size_t length);
