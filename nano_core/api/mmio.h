// SPDX-License-Identifier: MIT
/// @file
/// Intrinsics of the right `mmio`: device registers in mapped memory. The mapper hands out the
/// span; every access is checked against it. In tests on the host the test is the device
/// (testing/host/ports.h).
///
///   uint32_t mmio_read32(byte_span_t registers, size_t offset)
///   void mmio_write32(byte_span_t registers, size_t offset, uint32_t value)
///
/// and the same for 8, 16 and 64 bits. One access of that width each; `offset` is in bytes.
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/types.h"

#if __STDC_HOSTED__
#define MMIO_WIDTH(bits)                                                               \
  EXTERN_C_BEGIN                                                                       \
  uint##bits##_t host_mmio_read##bits(void *place);                                    \
  void host_mmio_write##bits(void *place, uint##bits##_t value);                       \
  EXTERN_C_END                                                                         \
  static inline uint##bits##_t mmio_read##bits(byte_span_t registers, size_t offset) { \
    return host_mmio_read##bits(byte_span_slice(registers, offset, bits / 8).data);    \
  }                                                                                    \
  static inline void mmio_write##bits(byte_span_t registers, size_t offset,            \
                                      uint##bits##_t value) {                          \
    host_mmio_write##bits(byte_span_slice(registers, offset, bits / 8).data, value);   \
  }
#else
#define MMIO_WIDTH(bits)                                                               \
  static inline uint##bits##_t mmio_read##bits(byte_span_t registers, size_t offset) { \
    const byte_span_t place = byte_span_slice(registers, offset, bits / 8);            \
    return *(const volatile uint##bits##_t *)(const void *)place.data;                 \
  }                                                                                    \
  static inline void mmio_write##bits(byte_span_t registers, size_t offset,            \
                                      uint##bits##_t value) {                          \
    const byte_span_t place = byte_span_slice(registers, offset, bits / 8);            \
    *(volatile uint##bits##_t *)(void *)place.data = value;                            \
  }
#endif

MMIO_WIDTH(8)
MMIO_WIDTH(16)
MMIO_WIDTH(32)
MMIO_WIDTH(64)
#undef MMIO_WIDTH
