// SPDX-License-Identifier: MIT
/// @file
/// What the parts of this cell share: access to the configuration space, and what stands where.
#pragma once
#include "cells/pci/pci.h"
#include "nano_core/api/port_io.h"

enum {
  kPciAddressPort = 0xcf8,
  kPciDataPort = 0xcfc,
  kPciVendorOffset = 0x00,
  kPciCommandOffset = 0x04,
  kPciStatusOffset = 0x06,
  kPciClassOffset = 0x08,
  kPciHeaderOffset = 0x0e,
  kPciBarOffset = 0x10,
  kPciBusesOffset = 0x18,  // of a bridge: its own, the one behind it, the last behind it
  kPciCapabilitiesOffset = 0x34,
  kPciInterruptOffset = 0x3c,
  kPciCommandPorts = 1 << 0,
  kPciCommandMemory = 1 << 1,
  kPciCommandMaster = 1 << 2,
  kPciCommandNoPin = 1 << 10,
  kPciStatusCapabilities = 1 << 4,
  kPciHeaderKind = 0x7f,
  kPciHeaderManyFunctions = 0x80,
  kPciNoVendor = 0xffff,
  kPciConfigurationBytes = 256,
  kPciFirstCapability = 0x40,
};

static const uint32_t kPciEnableAccess = UINT32_C(1) << 31;

typedef struct pci_registers {
  monitor_t monitor;
} pci_registers_t;

STATE(pci_registers_t, pci_registers);

static inline void pci_access_select(pci_address_t address, uint32_t offset) {
  const uint32_t place = (uint32_t)address.bus << 16 | (uint32_t)address.device << 11 |
                         (uint32_t)address.function << 8 | (offset & ~3u);
  port_write32(kPciAddressPort, kPciEnableAccess | place);
}

/// One access through the ports; the address and the offset are right.
static inline uint32_t pci_access_read(pci_address_t address, uint32_t offset, uint32_t bytes)
    REQUIRES(state_pci_registers->monitor) {
  pci_access_select(address, offset);
  const uint16_t port = (uint16_t)(kPciDataPort + (offset & 3));
  if (bytes == 1) return port_read8(port);
  if (bytes == 2) return port_read16(port);
  return port_read32(port);
}

static inline void pci_access_write(pci_address_t address, uint32_t offset, uint32_t bytes,
                                    uint32_t value) REQUIRES(state_pci_registers->monitor) {
  pci_access_select(address, offset);
  const uint16_t port = (uint16_t)(kPciDataPort + (offset & 3));
  if (bytes == 1) return port_write8(port, (uint8_t)value);
  if (bytes == 2) return port_write16(port, (uint16_t)value);
  port_write32(port, value);
}

/// Whether a function answers at this place.
static inline bool pci_access_is_there(pci_address_t address)
    REQUIRES(state_pci_registers->monitor) {
  return pci_access_read(address, kPciVendorOffset, 2) != kPciNoVendor;
}

/// OK, OUT_OF_RANGE, or NOT_FOUND where nothing answers.
static inline status_t pci_access_check(pci_address_t address)
    REQUIRES(state_pci_registers->monitor) {
  if (address.device >= kPciDevices || address.function >= kPciFunctions) return ERR(OUT_OF_RANGE);
  return pci_access_is_there(address) ? OK : ERR(NOT_FOUND);
}

static inline uint32_t pci_access_header(pci_address_t address)
    REQUIRES(state_pci_registers->monitor) {
  return pci_access_read(address, kPciHeaderOffset, 1) & kPciHeaderKind;
}
