// SPDX-License-Identifier: MIT
/// @file
/// SHA-256 of bytes that come in pieces.
/// @context  any; no waiting, no allocation, no global data
/// @spill    none
#pragma once
#include "nano_core/api/ownership.h"
#include "nano_core/api/span.h"
EXTERN_C_BEGIN

enum { kSha256Bytes = 32 };

/// A hash under way. Only this module looks inside.
typedef struct sha256 {
  uint64_t opaque[16];
} sha256_t;

/// Begins a hash.
void sha256_start(LENT sha256_t *hash);

/// Appends `data`.
void sha256_update(LENT sha256_t *hash, bytes_t data);

/// Ends the hash and writes it to `digest`.
void sha256_finish(LENT sha256_t *hash, uint8_t digest[kSha256Bytes]);

EXTERN_C_END
