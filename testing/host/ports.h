// SPDX-License-Identifier: MIT
/// @file
/// The wire, for tests of drivers on the host: what the intrinsics of nano_core/api/port_io.h,
/// mmio.h and cycle_counter.h reach there. A test derives its device from HostDevice and puts it
/// into `host_device`; without one, every access ends the test. Include it in one source of a test.
#pragma once
#include <cstdint>
#include <cstring>

#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/mmio.h"
#include "nano_core/api/port_io.h"

/// A device, or a whole machine. Sizes are 1, 2, 4 and, for registers in memory, 8 bytes. Those
/// are plain memory unless the device says otherwise.
class HostDevice {
 public:
  virtual ~HostDevice() = default;
  virtual uint32_t ReadPort(uint16_t port, int bytes) = 0;
  virtual void WritePort(uint16_t port, uint32_t value, int bytes) = 0;
  virtual uint64_t ReadRegister(void *place, int bytes) {
    uint64_t value = 0;
    std::memcpy(&value, place, static_cast<size_t>(bytes));
    return value;
  }
  virtual void WriteRegister(void *place, uint64_t value, int bytes) {
    std::memcpy(place, &value, static_cast<size_t>(bytes));
  }
};

/// The device of the test that runs.
inline HostDevice *host_device = nullptr;

/// What the cycle counter shows.
inline uint64_t host_cycles = 0;

/// The device; traps where the test has none.
inline HostDevice &HostDeviceInPlace() {
  if (host_device == nullptr) TRAP();
  return *host_device;
}

#define HOST_INTRINSIC extern "C" inline __attribute__((used))

HOST_INTRINSIC uint8_t host_port_read8(uint16_t port) {
  return static_cast<uint8_t>(HostDeviceInPlace().ReadPort(port, 1));
}
HOST_INTRINSIC uint16_t host_port_read16(uint16_t port) {
  return static_cast<uint16_t>(HostDeviceInPlace().ReadPort(port, 2));
}
HOST_INTRINSIC uint32_t host_port_read32(uint16_t port) {
  return HostDeviceInPlace().ReadPort(port, 4);
}
HOST_INTRINSIC void host_port_write8(uint16_t port, uint8_t value) {
  HostDeviceInPlace().WritePort(port, value, 1);
}
HOST_INTRINSIC void host_port_write16(uint16_t port, uint16_t value) {
  HostDeviceInPlace().WritePort(port, value, 2);
}
HOST_INTRINSIC void host_port_write32(uint16_t port, uint32_t value) {
  HostDeviceInPlace().WritePort(port, value, 4);
}
#define HOST_MMIO_WIDTH(bits)                                                              \
  HOST_INTRINSIC uint##bits##_t host_mmio_read##bits(void *place) {                        \
    return static_cast<uint##bits##_t>(HostDeviceInPlace().ReadRegister(place, bits / 8)); \
  }                                                                                        \
  HOST_INTRINSIC void host_mmio_write##bits(void *place, uint##bits##_t value) {           \
    HostDeviceInPlace().WriteRegister(place, value, bits / 8);                             \
  }
HOST_MMIO_WIDTH(8)
HOST_MMIO_WIDTH(16)
HOST_MMIO_WIDTH(32)
HOST_MMIO_WIDTH(64)
#undef HOST_MMIO_WIDTH
HOST_INTRINSIC uint64_t host_cycle_counter(void) { return host_cycles; }

#undef HOST_INTRINSIC
