// SPDX-License-Identifier: MIT
/// @file
/// A part of the firmware's memory, mapped for as long as somebody looks at it.
#pragma once
#include "cells/address_space_mapper/address_space_mapper.h"
#include "nano_core/api/mmio.h"

typedef struct window {
  uint8_t *mapped;    // what the mapper gave
  byte_span_t bytes;  // what was asked for
} window_t;

/// Maps [start, start + bytes).
/// @errors   those of address_space_mapper_map_device; nothing is mapped
static inline status_t window_open(paddr_t start, uint64_t bytes, window_t *window) {
  const owner_result_t owner = owner_self();
  TRY(owner.status);
  const uint64_t offset = start.bytes % kFrameBytes;
  const u64_result_t all = checked_add(offset, bytes);
  TRY(all.status);
  const memory_result_t memory =
      address_space_mapper_map_device(owner.value, (paddr_t){start.bytes - offset}, all.value);
  TRY(memory.status);
  window->mapped = memory.value;
  window->bytes = byte_span_slice((byte_span_t){memory.value, all.value}, offset, bytes);
  return OK;
}

static inline void window_close(const window_t *window) {
  const owner_result_t owner = owner_self();
  if (!status_is_ok(owner.status)) return;
  status_ignore(address_space_mapper_unmap(owner.value, window->mapped),
                "it stays mapped, which the list of areas shows");
}

/// The sum of all bytes, of which a checksum makes zero.
static inline uint8_t window_sum(byte_span_t bytes) {
  // Eight bytes at a time: the sum of neighbours, four times 16 bits, added up by a product.
  const uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
  const uint64_t gather = UINT64_C(0x0001000100010001);
  const size_t whole = bytes.length / 8 * 8;
  uint64_t sum = 0;
  for (size_t i = 0; i < whole; i += 8) {
    const uint64_t value = mmio_read64(bytes, i);
    sum += ((value & even) + (value >> 8 & even)) * gather >> 48;
  }
  for (size_t i = whole; i < bytes.length; i++) sum += mmio_read8(bytes, i);
  return (uint8_t)sum;
}
