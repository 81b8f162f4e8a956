// SPDX-License-Identifier: MIT
#include "cells/command_pci/command_pci.h"

#include "cells/pci/pci.h"
#include "testing/host/command_test.h"

namespace {

std::vector<pci_device_t> devices;

}  // namespace

status_t pci_next(pci_cursor_t *cursor, pci_device_t *device) {
  const uint32_t index = cursor->seal.generation++;
  if (index >= devices.size()) return ERR(END);
  *device = devices[index];
  return OK;
}

status_t pci_bar(pci_address_t address, uint64_t index, pci_bar_t *bar) {
  if (address.device == 3) return ERR(UNSUPPORTED);
  if (index == 2) return ERR(IO_ERROR);
  if (address.device != 1 || index > 1) return ERR(NOT_FOUND);
  *bar = {index == 0 ? 0xc040u : 0xfebf1000u, index == 0 ? 32u : 4096u,
          static_cast<uint32_t>(index == 0 ? kPciBarPorts : kPciBarMemory32), 0};
  return OK;
}

u64_result_t pci_capability(pci_address_t address, uint64_t kind, uint64_t) {
  if (address.device == 3) return {ERR(IO_ERROR), 0};
  if (address.device == 1 && kind == kPciCapabilityMessages) return {OK, 0x50};
  return {ERR(NOT_FOUND), 0};
}

namespace {

class CommandPciTest : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    devices.clear();
  }

  static pci_device_t Device(pci_address_t address, uint16_t vendor, uint16_t number,
                             uint16_t code) {
    pci_device_t device = {};
    device.address = address;
    device.vendor = vendor;
    device.device = number;
    device.base_class = static_cast<uint8_t>(code >> 8);
    device.sub_class = static_cast<uint8_t>(code);
    return device;
  }
};

TEST_F(CommandPciTest, Pci_Devices_AreRows) {
  devices.push_back(Device({0, 1, 0}, 0x1af4, 0x1003, 0x0780));
  devices[0].pin = 1;
  devices[0].line = 11;
  devices.push_back(Device({0, 31, 3}, 0x8086, 0x2930, 0x0c09));
  devices.push_back(Device({255, 3, 0}, 1, 2, 0x5500));
  const CommandAnswer answer = Run(command_pci_step, "pci");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(answer.output,
            "ADDRESS DEVICE    CLASS  NAME               INTERRUPTS     RANGES\n"
            "00:01.0 1af4:1003 078000 communication      a/11,msix      "
            "0=ports:0xc040+32,1=memory:0xfebf1000+4096,2=IO_ERROR\n"
            "00:1f.3 8086:2930 0c0900 serial_bus         -              2=IO_ERROR\n"
            "ff:03.0 0001:0002 550000 unknown            -,bad_list     "
            "0=UNSUPPORTED,1=UNSUPPORTED,2=UNSUPPORTED,3=UNSUPPORTED,4=UNSUPPORTED,"
            "5=UNSUPPORTED\n");
}

TEST_F(CommandPciTest, Pci_ManyDevices_TakeSeveralSteps) {
  for (uint8_t i = 4; i < 30; i++) devices.push_back(Device({0, i, 0}, 1, 1, 0));
  const CommandAnswer answer = Run(command_pci_step, "pci");
  EXPECT_STATUS(OK, answer.status);
  EXPECT_EQ(std::count(answer.output.begin(), answer.output.end(), '\n'), 27);
  EXPECT_GT(answer.steps, 2);
}

TEST_F(CommandPciTest, Pci_Arguments_IsUsage) {
  EXPECT_STATUS(INVALID_ARGUMENT, Run(command_pci_step, "pci x").status);
}

}  // namespace
