// SPDX-License-Identifier: MIT
#include "cells/pci/pci.h"

#include "cells/pci/access.h"

enum {
  kCursorTag = SEALED_TAG('P', 'C', 'I', 'C'),
  kCursorVersion = 1,
  kBusWords = kPciBuses / 64,
  kMostCapabilities = (kPciConfigurationBytes - kPciFirstCapability) / 4,
};

// A walk: the next place to look at, and the buses that a bridge has named. All zero is its
// beginning, when bus 0 is known.
typedef struct walk {
  uint64_t named[kBusWords];
  uint32_t bus;
  uint32_t device;
  uint32_t function;
  uint32_t many;  // 1: the device says that it has more functions than one
} walk_t;

status_t pci_initialize(void) {
  // A driver's handler must not meet its registers while they are being measured. Nobody can be
  // inside before this function is done.
  state_set(&state_pci_registers->monitor.interrupts, 1);
  return OK;
}

// The bus behind a bridge, or 0. Buses are numbered downwards, so one that is not above the
// bridge's own is a lie, and following it might never end.
static uint8_t bus_behind(pci_address_t address) REQUIRES(state_pci_registers->monitor) {
  const uint32_t bus = pci_access_read(address, kPciBusesOffset + 1, 1);
  return bus > address.bus ? (uint8_t)bus : 0;
}

static pci_device_t describe(pci_address_t address) REQUIRES(state_pci_registers->monitor) {
  const uint32_t numbers = pci_access_read(address, kPciVendorOffset, 4);
  const uint32_t class = pci_access_read(address, kPciClassOffset, 4);
  const uint32_t interrupt = pci_access_read(address, kPciInterruptOffset, 2);
  const uint32_t header = pci_access_header(address);
  return (pci_device_t){
      .address = address,
      .header = (uint8_t)header,
      .vendor = (uint16_t)numbers,
      .device = (uint16_t)(numbers >> 16),
      .base_class = (uint8_t)(class >> 24),
      .sub_class = (uint8_t)(class >> 16),
      .interface = (uint8_t)(class >> 8),
      .revision = (uint8_t)class,
      .pin = (uint8_t)((interrupt >> 8) > 4 ? 0 : interrupt >> 8),
      .line = (uint8_t)interrupt,
      .next_bus = header == 1 || header == 2 ? bus_behind(address) : 0,
  };
}

static void name_bus(walk_t *walk, uint32_t bus) {
  walk->named[bus / 64] |= UINT64_C(1) << bus % 64;
}

static bool is_named(const walk_t *walk, uint32_t bus) {
  return bus == 0 || (walk->named[bus / 64] >> bus % 64 & 1) != 0;
}

// Moves on by one place, on the next bus that is named.
static void advance(walk_t *walk) {
  walk->function = walk->many != 0 ? walk->function + 1 : kPciFunctions;
  if (walk->function < kPciFunctions) return;
  walk->function = walk->many = 0;
  if (++walk->device < kPciDevices) return;
  walk->device = 0;
  do {
    walk->bus++;
  } while (walk->bus < kPciBuses && !is_named(walk, walk->bus));
}

// Looks at the walk's place. NOT_FOUND: nothing is there.
static status_t look(walk_t *walk, pci_device_t *device) REQUIRES(state_pci_registers->monitor) {
  const pci_address_t address = {(uint8_t)walk->bus, (uint8_t)walk->device,
                                 (uint8_t)walk->function};
  if (!pci_access_is_there(address)) return ERR(NOT_FOUND);
  if (walk->function == 0) {
    const uint32_t header = pci_access_read(address, kPciHeaderOffset, 1);
    walk->many = (header & kPciHeaderManyFunctions) != 0;
  }
  *device = describe(address);
  if (device->next_bus != 0) name_bus(walk, device->next_bus);
  return OK;
}

// Finds the next function. The monitor is left after each place.
static status_t walk_on(walk_t *walk, pci_device_t *device) {
  while (walk->bus < kPciBuses) {
    monitor_enter(&state_pci_registers->monitor);
    const status_t status = look(walk, device);
    monitor_exit(&state_pci_registers->monitor);
    advance(walk);
    if (status_is_ok(status)) return OK;
  }
  return ERR(END);
}

// Whether the places of a walk are places: the seal tells who wrote it, not what.
static bool is_walk(const walk_t *walk) {
  return walk->bus <= kPciBuses && walk->device < kPciDevices && walk->function < kPciFunctions;
}

status_t pci_next(pci_cursor_t *cursor, pci_device_t *device) {
  walk_t walk = {};
  pci_device_t found = {};
  TRY(SEALED_OPEN(cursor, kCursorTag, kCursorVersion, &walk));
  if (!is_walk(&walk)) return ERR(INVALID_OBJECT);
  const status_t status = walk_on(&walk, &found);
  SEALED_COMMIT(cursor, kCursorTag, kCursorVersion, &walk);
  if (status_is_ok(status)) *device = found;
  return status;
}

static bool fits(uint64_t wanted, uint32_t value) { return wanted == kPciAny || wanted == value; }

status_t pci_find(uint64_t vendor, uint64_t number, uint64_t index, pci_device_t *device) {
  if (vendor > kPciAny || number > kPciAny) return ERR(OUT_OF_RANGE);
  walk_t walk = {};
  pci_device_t found = {};
  while (status_is_ok(walk_on(&walk, &found))) {
    if (!fits(vendor, found.vendor) || !fits(number, found.device) || index-- > 0) continue;
    *device = found;
    return OK;
  }
  return ERR(NOT_FOUND);
}

static bool is_class(uint64_t class) { return class <= UINT8_MAX || class == kPciAny; }

status_t pci_find_class(uint64_t base_class, uint64_t sub_class, uint64_t index,
                        pci_device_t *device) {
  if (!is_class(base_class) || !is_class(sub_class)) return ERR(OUT_OF_RANGE);
  walk_t walk = {};
  pci_device_t found = {};
  while (status_is_ok(walk_on(&walk, &found))) {
    if (!fits(base_class, found.base_class) || !fits(sub_class, found.sub_class)) continue;
    if (index-- > 0) continue;
    *device = found;
    return OK;
  }
  return ERR(NOT_FOUND);
}

static bool is_access(uint64_t offset, uint64_t bytes) {
  return (bytes == 1 || bytes == 2 || bytes == 4) && offset < kPciConfigurationBytes &&
         offset % bytes == 0;
}

u32_result_t pci_read(pci_address_t address, uint64_t offset, uint64_t bytes) {
  u32_result_t result = {.status = ERR(OUT_OF_RANGE)};
  if (!is_access(offset, bytes)) return result;
  monitor_enter(&state_pci_registers->monitor);
  result.status = pci_access_check(address);
  if (status_is_ok(result.status)) {
    result.value = pci_access_read(address, (uint32_t)offset, (uint32_t)bytes);
  }
  monitor_exit(&state_pci_registers->monitor);
  return result;
}

status_t pci_write(pci_address_t address, uint64_t offset, uint64_t bytes, uint64_t value) {
  if (!is_access(offset, bytes) || value >> (8 * bytes) != 0) return ERR(OUT_OF_RANGE);
  monitor_enter(&state_pci_registers->monitor);
  const status_t status = pci_access_check(address);
  if (status_is_ok(status)) {
    pci_access_write(address, (uint32_t)offset, (uint32_t)bytes, (uint32_t)value);
  }
  monitor_exit(&state_pci_registers->monitor);
  return status;
}

// Where the list of capabilities begins; 0: there is none. UNSUPPORTED: nobody knows where it
// stands in a header of this kind.
static u64_result_t first_capability(pci_address_t address) REQUIRES(state_pci_registers->monitor) {
  const uint32_t status = pci_access_read(address, kPciStatusOffset, 2);
  const uint32_t header = pci_access_header(address);
  if (header > 1) return (u64_result_t){.status = ERR(UNSUPPORTED)};
  if ((status & kPciStatusCapabilities) == 0) return (u64_result_t){};
  return (u64_result_t){.value = pci_access_read(address, kPciCapabilitiesOffset, 1) & ~3u};
}

// Follows the list to its end, so that one without an end is always found out.
static u64_result_t follow(pci_address_t address, uint64_t kind, uint64_t after)
    REQUIRES(state_pci_registers->monitor) {
  u64_result_t found = {.status = ERR(NOT_FOUND)};
  const u64_result_t first = first_capability(address);
  if (!status_is_ok(first.status)) return first;
  bool passed = after == 0;
  uint32_t place = (uint32_t)first.value;
  for (uint32_t i = 0; i < kMostCapabilities && place >= kPciFirstCapability; i++) {
    const uint32_t entry = pci_access_read(address, place, 2);
    if (found.value == 0 && passed && fits(kind, entry & 0xff)) {
      found = (u64_result_t){.value = place};
    }
    passed = passed || place == after;
    place = entry >> 8 & ~3u;
  }
  return place == 0 ? found : (u64_result_t){.status = ERR(IO_ERROR)};
}

u64_result_t pci_capability(pci_address_t address, uint64_t kind, uint64_t after) {
  u64_result_t result = {.status = ERR(OUT_OF_RANGE)};
  if (!is_class(kind) || after >= kPciConfigurationBytes) return result;
  monitor_enter(&state_pci_registers->monitor);
  result.status = pci_access_check(address);
  if (status_is_ok(result.status)) result = follow(address, kind, after);
  monitor_exit(&state_pci_registers->monitor);
  return result;
}
