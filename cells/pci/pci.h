// SPDX-License-Identifier: MIT
/// @file
/// The PCI bus: which devices there are, where their registers lie, and how they signal. Nothing is
/// kept: every answer is read from the devices, when somebody asks.
///
/// A device function is named by its address. What a device says of itself is not believed: lists
/// are followed so far and no further, sizes and places are checked.
/// @spill   none in the cell; the blob `pci_registers` holds the monitor that makes two accesses to
///          the configuration ports one. A walk stands in the client's pci_cursor_t.
/// @source  PCI Local Bus Specification 3.0, sections 3.2.2.3, 6 and 6.8; PCI-to-PCI Bridge
///          Architecture Specification 1.2, section 3.2.
#pragma once
#include "nano_core/api/cell.h"
EXTERN_C_BEGIN

enum {
  kPciBuses = 256,
  kPciDevices = 32,              // of a bus
  kPciFunctions = 8,             // of a device
  kPciBars = 6,                  // of a function; a bridge has two
  kPciAny = 0x10000,             // for pci_find: whatever it is
  kPciCapabilityMessage = 0x05,  // MSI
  kPciCapabilityVendor = 0x09,
  kPciCapabilityMessages = 0x11,  // MSI-X
};

/// Bus 0 .. 255, device 0 .. 31, function 0 .. 7.
typedef struct pci_address {
  uint8_t bus;
  uint8_t device;
  uint8_t function;
} pci_address_t;

/// What a function says of itself.
typedef struct pci_device {
  pci_address_t address;
  uint8_t header;  // 0: a device, 1: a bridge to PCI, 2: a bridge to CardBus, others are unknown
  uint16_t vendor;
  uint16_t device;
  uint8_t base_class;
  uint8_t sub_class;
  uint8_t interface;
  uint8_t revision;
  uint8_t pin;       // of its interrupt: 1 .. 4 is A .. D, 0: none
  uint8_t line;      // as the firmware wrote it
  uint8_t next_bus;  // of a bridge: the one behind it; 0: none, or one that cannot be there
} pci_device_t;

enum pci_bar_kind { kPciBarPorts = 1, kPciBarMemory32, kPciBarMemory64 };

/// A range of registers.
typedef struct pci_bar {
  uint64_t start;  // 0: the firmware has given it no place
  uint64_t bytes;  // a power of 2
  uint32_t kind;   // enum pci_bar_kind
  uint32_t prefetchable;
} pci_bar_t;

/// How far a walk over the devices has come; all zero before the first. Sealed.
SEALED_DEFINE(pci_cursor_t, 64);

/// Called by nano_core when the interface is first needed.
CELL_EXPORT status_t pci_initialize(void);

/// The next function of a walk over all buses that a bridge names, in ascending order. A bridge
/// that names a bus which is not above its own is not followed, so the walk ends whatever bridges
/// say.
/// @errors   END: past the last. INVALID_OBJECT, STALE: the cursor. `device` is untouched.
/// @context  steps; never waits; at most 64 accesses for each device that is there or not
CELL_EXPORT status_t pci_next(LENT pci_cursor_t *cursor, OUT pci_device_t *device);

/// The `index`-th function (0, 1, ...) with these numbers.
/// @param vendor, number  0 .. 0xffff, or kPciAny
/// @errors   NOT_FOUND: there are not so many. OUT_OF_RANGE: an argument.
/// @context  steps; O(devices)
CELL_EXPORT status_t pci_find(uint64_t vendor, uint64_t number, uint64_t index,
                              OUT pci_device_t *device);

/// The `index`-th function of a class.
/// @param base_class, sub_class  0 .. 0xff, or kPciAny
/// @errors   NOT_FOUND: there are not so many. OUT_OF_RANGE: an argument.
/// @context  steps; O(devices)
CELL_EXPORT status_t pci_find_class(uint64_t base_class, uint64_t sub_class, uint64_t index,
                                    OUT pci_device_t *device);

/// Read and write the configuration space.
/// @param offset  0 .. 255, a multiple of `bytes`
/// @param bytes   1, 2 or 4
/// @errors   OUT_OF_RANGE: the address, `offset`, `bytes` or `value`. NOT_FOUND: nothing answers at
///           this address. Nothing is written.
/// @context  steps; never waits
CELL_EXPORT u32_result_t pci_read(pci_address_t address, uint64_t offset, uint64_t bytes);
CELL_EXPORT status_t pci_write(pci_address_t address, uint64_t offset, uint64_t bytes,
                               uint64_t value);

/// The range of registers number `index`. It is measured with the function's decoding off.
/// @param index  0 .. kPciBars - 1; a 64-bit range takes two numbers, of which the second has none
/// @errors   OUT_OF_RANGE: the address or `index`. NOT_FOUND: nothing answers, or no such range.
///           UNSUPPORTED: the header is of no known kind. IO_ERROR: what the function says makes no
///           range: no power of 2, an unknown kind, or the second half is missing.
/// @context  steps; never waits; interrupts are held off for some 20 accesses
CELL_EXPORT status_t pci_bar(pci_address_t address, uint64_t index, OUT pci_bar_t *bar);

/// Where the next capability of a kind stands.
/// @param kind   0 .. 255, or kPciAny
/// @param after  the offset of the one before; 0: the first
/// @returns  the offset of its header
/// @errors   OUT_OF_RANGE: an argument. NOT_FOUND: nothing answers, or no such capability.
///           UNSUPPORTED: the header is of no kind that has a list. IO_ERROR: the list leaves its
///           place or goes in circles.
/// @context  steps; never waits; at most 48 capabilities are looked at
CELL_EXPORT u64_result_t pci_capability(pci_address_t address, uint64_t kind, uint64_t after);

/// Lets the function decode its ranges and reach memory by itself. Ranges of memory that the
/// firmware has given no place get one, if the function is on bus 0.
/// @errors   OUT_OF_RANGE: the address. NOT_FOUND: nothing answers. UNSUPPORTED: a range without a
///           place, behind a bridge. NO_SPACE: no place is free. And those of pci_bar.
/// @context  steps; never waits; O(devices) where a place is to be found
CELL_EXPORT status_t pci_enable(pci_address_t address);

/// Has the function signal by message: by MSI-X where it has that, else by MSI. Interrupts by its
/// pin are switched off.
/// @param entry    which of its messages; with MSI only 0
/// @param target   where to write, physical; a multiple of 4
/// @param data     what to write, 0 .. UINT32_MAX
/// @errors   OUT_OF_RANGE: an argument, or the function has fewer messages. NOT_FOUND: nothing
///           answers. UNSUPPORTED: it has neither. IO_ERROR: its table lies outside of its ranges,
///           or has no place. And those of address_space_mapper_map_device.
/// @context  steps; never waits
CELL_EXPORT status_t pci_set_message(pci_address_t address, uint64_t entry, uint64_t target,
                                     uint64_t data);

EXTERN_C_END
