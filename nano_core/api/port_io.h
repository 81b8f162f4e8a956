// SPDX-License-Identifier: MIT
/// @file
/// Intrinsics of the right `port_io`. In tests on the host the test is the device
/// (testing/host/ports.h).
#pragma once
#include "nano_core/api/types.h"

#if __STDC_HOSTED__
EXTERN_C_BEGIN
uint8_t host_port_read8(uint16_t port);
uint16_t host_port_read16(uint16_t port);
uint32_t host_port_read32(uint16_t port);
void host_port_write8(uint16_t port, uint8_t value);
void host_port_write16(uint16_t port, uint16_t value);
void host_port_write32(uint16_t port, uint32_t value);
EXTERN_C_END

static inline uint8_t port_read8(uint16_t port) { return host_port_read8(port); }
static inline uint16_t port_read16(uint16_t port) { return host_port_read16(port); }
static inline uint32_t port_read32(uint16_t port) { return host_port_read32(port); }
static inline void port_write8(uint16_t port, uint8_t value) { host_port_write8(port, value); }
static inline void port_write16(uint16_t port, uint16_t value) { host_port_write16(port, value); }
static inline void port_write32(uint16_t port, uint32_t value) { host_port_write32(port, value); }
#else
static inline uint8_t port_read8(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static inline void port_write8(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint16_t port_read16(uint16_t port) {
  uint16_t value;
  __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static inline void port_write16(uint16_t port, uint16_t value) {
  __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint32_t port_read32(uint16_t port) {
  uint32_t value;
  __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static inline void port_write32(uint16_t port, uint32_t value) {
  __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}
#endif
