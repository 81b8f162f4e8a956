// SPDX-License-Identifier: MIT
#include "cells/command_pci/command_pci.h"

#include "cells/pci/pci.h"
#include "patterns/status_text.h"

typedef struct class_name {
  uint16_t class;  // base and sub class
  text_t name;
} class_name_t;

// Of a class whose second half is not here, the first entry of the first half is close enough.
static const class_name_t kClasses[] = {
    {0x0000, TEXT("unclassified")},
    {0x0100, TEXT("scsi_controller")},
    {0x0101, TEXT("ide_controller")},
    {0x0106, TEXT("sata_controller")},
    {0x0108, TEXT("nvm_controller")},
    {0x0200, TEXT("network_controller")},
    {0x0300, TEXT("display")},
    {0x0400, TEXT("multimedia")},
    {0x0403, TEXT("audio")},
    {0x0500, TEXT("memory")},
    {0x0600, TEXT("host_bridge")},
    {0x0601, TEXT("isa_bridge")},
    {0x0604, TEXT("pci_bridge")},
    {0x0680, TEXT("bridge")},
    {0x0700, TEXT("serial_controller")},
    {0x0780, TEXT("communication")},
    {0x0800, TEXT("system_peripheral")},
    {0x0900, TEXT("input_device")},
    {0x0c00, TEXT("serial_bus")},
    {0x0c03, TEXT("usb_controller")},
    {0x0c05, TEXT("smbus")},
    {0x0d00, TEXT("wireless")},
    {0xff00, TEXT("other")},
};

static text_t class_of(const pci_device_t *device) {
  text_t name = TEXT("unknown");
  for (size_t i = 0; i < COUNT_OF(kClasses); i++) {
    if (kClasses[i].class >> 8 != device->base_class) continue;
    const bool is_first = text_equal(name, TEXT("unknown"));
    if (is_first || (kClasses[i].class & 0xff) == device->sub_class) name = kClasses[i].name;
  }
  return name;
}

static void put_address(command_t *command, pci_address_t address) {
  command_put_hexadecimal(command, address.bus, 2);
  command_put(command, TEXT(":"));
  command_put_hexadecimal(command, address.device, 2);
  command_put(command, TEXT("."));
  command_put_decimal(command, address.function);
  command_put(command, TEXT(" "));
}

// Pin and line, and the ways to signal by message: `a/11,msi,msix`.
static void put_interrupts(command_t *command, const pci_device_t *device) {
  const text_t pins[] = {TEXT("-"), TEXT("a/"), TEXT("b/"), TEXT("c/"), TEXT("d/")};
  const size_t start = command->output_length;
  command_put(command, pins[device->pin % COUNT_OF(pins)]);
  if (device->pin != 0) command_put_decimal(command, device->line);
  const u64_result_t message = pci_capability(device->address, kPciCapabilityMessage, 0);
  if (status_is_ok(message.status)) command_put(command, TEXT(",msi"));
  const u64_result_t messages = pci_capability(device->address, kPciCapabilityMessages, 0);
  if (status_is_ok(messages.status)) command_put(command, TEXT(",msix"));
  if (status_is(messages.status, STATUS_IO_ERROR)) command_put(command, TEXT(",bad_list"));
  command_pad(command, command->output_length - start, 14);
}

// One range: `1=memory:0xfebf1000+4096`.
static void put_bar(command_t *command, uint64_t index, const pci_bar_t *bar) {
  const bool is_ports = bar->kind == kPciBarPorts;
  command_put_decimal(command, index);
  command_put(command, is_ports ? TEXT("=ports:0x") : TEXT("=memory:0x"));
  command_put_hexadecimal(command, bar->start, 1);
  command_put(command, TEXT("+"));
  command_put_decimal(command, bar->bytes);
}

static void put_bars(command_t *command, pci_address_t address) {
  bool any = false;
  for (uint64_t i = 0; i < kPciBars; i++) {
    pci_bar_t bar;
    const status_t status = pci_bar(address, i, &bar);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    if (any) command_put(command, TEXT(","));
    any = true;
    if (status_is_ok(status)) {
      put_bar(command, i, &bar);
      continue;
    }
    command_put_decimal(command, i);
    command_put(command, TEXT("="));
    command_put(command, status_text_name(status));
  }
  if (!any) command_put(command, TEXT("-"));
}

static void put_row(command_t *command, const pci_device_t *device) {
  put_address(command, device->address);
  command_put_hexadecimal(command, device->vendor, 4);
  command_put(command, TEXT(":"));
  command_put_hexadecimal(command, device->device, 4);
  command_put(command, TEXT(" "));
  command_put_hexadecimal(command, device->base_class, 2);
  command_put_hexadecimal(command, device->sub_class, 2);
  command_put_hexadecimal(command, device->interface, 2);
  command_put(command, TEXT(" "));
  command_column(command, class_of(device), 18);
  put_interrupts(command, device);
  put_bars(command, device->address);
  command_end_row(command);
}

status_t command_pci_step(command_t *command) {
  if (command_words(command) > 1) return command_usage(command, TEXT("pci"));
  pci_cursor_t cursor;
  COMMAND_OPEN(command, &cursor);
  if (command->stage == 0) {
    command_put(command,
                TEXT("ADDRESS DEVICE    CLASS  NAME               INTERRUPTS     RANGES\n"));
    command->stage = 1;
  }
  status_t status = OK;
  while (command_has_room(command) && status_is_ok(status)) {
    pci_device_t device;
    status = pci_next(&cursor, &device);
    if (status_is_ok(status)) put_row(command, &device);
  }
  COMMAND_COMMIT(command, &cursor);
  return status;
}
