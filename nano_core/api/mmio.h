// SPDX-License-Identifier: MIT
/// @file
/// Intrinsics of the right `mmio`: device registers in mapped memory. The mapper hands out the
/// span; every access is checked against it. In tests on the host the test is the device
/// (testing/host/ports.h).
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/types.h"

#if __STDC_HOSTED__
EXTERN_C_BEGIN
uint16_t host_mmio_read16(void *place);
uint32_t host_mmio_read32(void *place);
void host_mmio_write16(void *place, uint16_t value);
void host_mmio_write32(void *place, uint32_t value);
EXTERN_C_END

static inline uint32_t mmio_read32(byte_span_t registers, size_t offset) {
  return host_mmio_read32(byte_span_slice(registers, offset, sizeof(uint32_t)).data);
}

static inline void mmio_write32(byte_span_t registers, size_t offset, uint32_t value) {
  host_mmio_write32(byte_span_slice(registers, offset, sizeof(uint32_t)).data, value);
}

static inline uint16_t mmio_read16(byte_span_t registers, size_t offset) {
  return host_mmio_read16(byte_span_slice(registers, offset, sizeof(uint16_t)).data);
}

static inline void mmio_write16(byte_span_t registers, size_t offset, uint16_t value) {
  host_mmio_write16(byte_span_slice(registers, offset, sizeof(uint16_t)).data, value);
}
#else
static inline uint32_t mmio_read32(byte_span_t registers, size_t offset) {
  const byte_span_t place = byte_span_slice(registers, offset, sizeof(uint32_t));
  return *(const volatile uint32_t *)(const void *)place.data;
}

static inline void mmio_write32(byte_span_t registers, size_t offset, uint32_t value) {
  const byte_span_t place = byte_span_slice(registers, offset, sizeof(uint32_t));
  *(volatile uint32_t *)(void *)place.data = value;
}

static inline uint16_t mmio_read16(byte_span_t registers, size_t offset) {
  const byte_span_t place = byte_span_slice(registers, offset, sizeof(uint16_t));
  return *(const volatile uint16_t *)(const void *)place.data;
}

static inline void mmio_write16(byte_span_t registers, size_t offset, uint16_t value) {
  const byte_span_t place = byte_span_slice(registers, offset, sizeof(uint16_t));
  *(volatile uint16_t *)(void *)place.data = value;
}
#endif
