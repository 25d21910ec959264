/*
 * Seeds of the random scripts. One is made of the assignment's secret, the student and the case, so that a regrade
 * draws the same scripts and they cannot be computed without the secret. The function is SipHash-2-4 (Aumasson,
 * Bernstein, 2012), whose key is the hash of the secret.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t siphash(const uint64_t key[2], const void *bytes, size_t length);

/* The seed of the i-th script of a case. */
uint64_t seed_of(const char *secret, const char *student, const char *name, unsigned i);
