// SPDX-License-Identifier: MIT
// Ranges of registers: measuring them, and finding a place for those that the firmware left alone.
#include "cells/pci/access.h"

enum {
  kBarPorts = 1 << 0,
  kBarKind = 3 << 1,
  kBarKind64 = 2 << 1,
  kBarPrefetchable = 1 << 3,
  kMostRanges = 64,  // that are looked at when a place is wanted
};

// Places are taken from here, from the end downwards: below the first I/O APIC, above what firmware
// commonly uses first.
static const uint64_t kWindowStart = 0xe0000000;
static const uint64_t kWindowEnd = 0xfe000000;

typedef struct range_list {
  pci_bar_t ranges[kMostRanges];
  uint32_t count;
} range_list_t;

static uint32_t bar_count(uint32_t header) {
  if (header == 0) return kPciBars;
  if (header == 1) return 2;
  return header == 2 ? 1 : 0;
}

static uint32_t offset_of(uint32_t index) { return kPciBarOffset + 4 * index; }

// Which bits of a register can be written; it keeps its value.
static uint32_t writable_bits(pci_address_t address, uint32_t index)
    REQUIRES(state_pci_registers->monitor) {
  const uint32_t old = pci_access_read(address, offset_of(index), 4);
  pci_access_write(address, offset_of(index), 4, UINT32_MAX);
  const uint32_t bits = pci_access_read(address, offset_of(index), 4);
  pci_access_write(address, offset_of(index), 4, old);
  return bits;
}

// The size that belongs to a mask: its lowest bit, if all bits above are in it.
static uint64_t size_of_mask(uint64_t mask, uint64_t top) {
  const uint64_t size = mask & (~mask + 1);
  return (mask | (size - 1)) == top ? size : 0;
}

static status_t measure_ports(uint32_t value, uint32_t bits, pci_bar_t *bar) {
  // The upper half need not be there.
  const uint64_t mask = (bits & 0xfffc) | 0xffff0000;
  const uint64_t size = size_of_mask(mask, UINT32_MAX);
  if ((bits & 0xfffc) == 0 || size == 0) return ERR(IO_ERROR);
  *bar = (pci_bar_t){value & ~3u, size, kPciBarPorts, 0};
  return OK;
}

static status_t measure_memory(pci_address_t address, uint32_t index, uint32_t value, uint32_t bits,
                               pci_bar_t *bar) REQUIRES(state_pci_registers->monitor) {
  uint64_t start = value & ~UINT32_C(0xf);
  uint64_t mask = bits & ~UINT32_C(0xf);
  uint64_t top = UINT32_MAX;
  const bool is_wide = (value & kBarKind) == kBarKind64;
  const uint32_t header = pci_access_header(address);
  if (!is_wide && (value & kBarKind) != 0) return ERR(IO_ERROR);
  if (is_wide && index + 1 >= bar_count(header)) return ERR(IO_ERROR);
  if (is_wide) {
    start |= (uint64_t)pci_access_read(address, offset_of(index + 1), 4) << 32;
    mask |= (uint64_t)writable_bits(address, index + 1) << 32;
    top = UINT64_MAX;
  }
  const uint64_t size = size_of_mask(mask, top);
  if (mask == 0 || size == 0 || start % size != 0) return ERR(IO_ERROR);
  *bar = (pci_bar_t){start, size, is_wide ? kPciBarMemory64 : kPciBarMemory32,
                     (value & kBarPrefetchable) != 0};
  return OK;
}

// Whether the register is the upper half of the range before it.
static bool is_upper_half(pci_address_t address, uint32_t index)
    REQUIRES(state_pci_registers->monitor) {
  bool upper = false;
  for (uint32_t i = 0; i < index; i++) {
    const uint32_t value = pci_access_read(address, offset_of(i), 4);
    upper = !upper && (value & (kBarPorts | kBarKind)) == kBarKind64;
  }
  return upper;
}

static status_t measure(pci_address_t address, uint32_t index, pci_bar_t *bar)
    REQUIRES(state_pci_registers->monitor) {
  if (is_upper_half(address, index)) return ERR(NOT_FOUND);
  const uint32_t command = pci_access_read(address, kPciCommandOffset, 2);
  const uint32_t quiet = command & ~(uint32_t)(kPciCommandPorts | kPciCommandMemory);
  pci_access_write(address, kPciCommandOffset, 2, quiet);
  const uint32_t value = pci_access_read(address, offset_of(index), 4);
  const uint32_t bits = writable_bits(address, index);
  status_t status = OK;
  if (bits == 0) {
    status = ERR(NOT_FOUND);
  } else if ((value & kBarPorts) != 0) {
    status = measure_ports(value, bits, bar);
  } else {
    status = measure_memory(address, index, value, bits, bar);
  }
  pci_access_write(address, kPciCommandOffset, 2, command);
  return status;
}

// As pci_bar, once the address is known to be right.
static status_t find_bar(pci_address_t address, uint32_t index, pci_bar_t *bar)
    REQUIRES(state_pci_registers->monitor) {
  const uint32_t header = pci_access_header(address);
  const uint32_t count = bar_count(header);
  if (count == 0) return ERR(UNSUPPORTED);
  return index < count ? measure(address, index, bar) : ERR(NOT_FOUND);
}

status_t pci_bar(pci_address_t address, uint64_t index, pci_bar_t *bar) {
  if (index >= kPciBars) return ERR(OUT_OF_RANGE);
  pci_bar_t found = {};
  monitor_enter(&state_pci_registers->monitor);
  status_t status = pci_access_check(address);
  if (status_is_ok(status)) status = find_bar(address, (uint32_t)index, &found);
  monitor_exit(&state_pci_registers->monitor);
  if (status_is_ok(status)) *bar = found;
  return status;
}

// Adds the ranges of memory of one function that have a place.
static void add_ranges(range_list_t *list, pci_address_t address) {
  for (uint64_t i = 0; i < kPciBars && list->count < kMostRanges; i++) {
    pci_bar_t bar = {};
    if (!status_is_ok(pci_bar(address, i, &bar))) continue;
    if (bar.kind != kPciBarPorts && bar.start != 0) list->ranges[list->count++] = bar;
  }
}

// All ranges that have a place. NO_SPACE: there are too many to be sure of anything.
static status_t list_ranges(range_list_t *list) {
  pci_device_t device = {};
  for (uint64_t i = 0; status_is_ok(pci_find(kPciAny, kPciAny, i, &device)); i++) {
    add_ranges(list, device.address);
  }
  return list->count < kMostRanges ? OK : ERR(NO_SPACE);
}

static bool is_free(const range_list_t *list, uint64_t start, uint64_t bytes) {
  for (uint32_t i = 0; i < list->count; i++) {
    const pci_bar_t *range = &list->ranges[i];
    if (start < range->start + range->bytes && range->start < start + bytes) return false;
  }
  return true;
}

// The highest free place for so many bytes.
static u64_result_t find_place(uint64_t bytes) {
  range_list_t list = {};
  TRY_RESULT(u64_result_t, list_ranges(&list));
  if (bytes < kFrameBytes) bytes = kFrameBytes;
  for (uint64_t start = kWindowEnd; start >= kWindowStart + bytes;) {
    start = (start - bytes) & ~(bytes - 1);
    if (is_free(&list, start, bytes)) return (u64_result_t){.value = start};
  }
  return (u64_result_t){.status = ERR(NO_SPACE)};
}

static status_t place_bar(pci_address_t address, uint32_t index, const pci_bar_t *bar) {
  if (address.bus != 0) return ERR(UNSUPPORTED);
  const u64_result_t place = find_place(bar->bytes);
  TRY(place.status);
  TRY(pci_write(address, offset_of(index), 4, place.value));
  return bar->kind == kPciBarMemory64 ? pci_write(address, offset_of(index + 1), 4, 0) : OK;
}

status_t pci_enable(pci_address_t address) {
  for (uint32_t i = 0; i < kPciBars; i++) {
    pci_bar_t bar = {};
    const status_t status = pci_bar(address, i, &bar);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    // A range of ports without a place stays unused.
    if (bar.start == 0 && bar.kind != kPciBarPorts) TRY(place_bar(address, i, &bar));
  }
  const u32_result_t command = pci_read(address, kPciCommandOffset, 2);
  TRY(command.status);
  return pci_write(address, kPciCommandOffset, 2,
                   command.value | kPciCommandPorts | kPciCommandMemory | kPciCommandMaster);
}
