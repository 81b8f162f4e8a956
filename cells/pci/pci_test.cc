// SPDX-License-Identifier: MIT
#include "cells/pci/pci.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <vector>

#include "cells/address_space_mapper/address_space_mapper.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(pci_registers, 64);

namespace {

uint32_t Code(status_t status) { return status.code; }

// One function: 256 bytes, and which bits of each range can be written.
struct Function {
  std::array<uint8_t, 256> bytes = {};
  std::map<uint32_t, uint32_t> masks;  // by offset

  void Put(uint32_t offset, uint32_t value, int width) {
    memcpy(&bytes[offset], &value, static_cast<size_t>(width));
  }
  uint32_t Get(uint32_t offset, int width) const {
    uint32_t value = 0;
    memcpy(&value, &bytes[offset], static_cast<size_t>(width));
    return value;
  }
};

// Configuration mechanism 1.
class Bus : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t port, int bytes) override {
    EXPECT_EQ(host_monitor_depth(), 1u);
    accesses++;
    EXPECT_GE(port, 0xcfc);
    const auto at = functions.find(selected & 0xffff00);
    if (at == functions.end()) return 0xffffffffu >> (32 - 8 * bytes);
    return at->second.Get(Offset(port), bytes);
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    if (port == 0xcf8) {
      EXPECT_EQ(bytes, 4);
      EXPECT_EQ(value >> 31, 1u);
      selected = value;
      return;
    }
    const auto at = functions.find(selected & 0xffff00);
    if (at == functions.end()) return;
    Function &function = at->second;
    const uint32_t offset = Offset(port);
    if (offset >= 0x10 && offset < 0x28) {
      // Measured only while the function decodes nothing.
      EXPECT_TRUE(value != UINT32_MAX || (function.Get(4, 2) & 3) == 0);
      const auto mask = function.masks.find(offset);
      if (mask == function.masks.end()) return;
      const uint32_t fixed = function.Get(offset, 4) & 0xf & ~mask->second;
      function.Put(offset, (value & mask->second) | fixed, 4);
      return;
    }
    function.Put(offset, value, bytes);
  }
  Function &Add(uint32_t bus, uint32_t device, uint32_t function, uint16_t vendor,
                uint16_t number) {
    Function &added = functions[bus << 16 | device << 11 | function << 8];
    added.Put(0, vendor, 2);
    added.Put(2, number, 2);
    return added;
  }
  Function &AddBridge(uint32_t bus, uint32_t device, uint32_t behind) {
    Function &bridge = Add(bus, device, 0, 0x8086, 0x3420);
    bridge.Put(0x0e, 1, 1);
    bridge.Put(0x18, bus | behind << 8 | behind << 16, 4);
    return bridge;
  }

  std::map<uint32_t, Function> functions;
  uint32_t selected = 0;
  int accesses = 0;

 private:
  uint32_t Offset(uint16_t port) const { return (selected & 0xfc) + (port & 3); }
};

uint64_t mapped_start;
uint64_t mapped_bytes;
int unmapped;
alignas(4096) uint8_t page[4096];

}  // namespace

owner_result_t owner_self(void) { return {OK, {7}}; }

memory_result_t address_space_mapper_map_device(owner_t, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(start.bytes % 4096, 0u);
  mapped_start = start.bytes;
  mapped_bytes = bytes;
  return {OK, page};
}

status_t address_space_mapper_unmap(owner_t, void *memory) {
  EXPECT_EQ(memory, page);
  unmapped++;
  return OK;
}

namespace {

class PciTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(pci_registers);
    host_device = &bus_;
    unmapped = 0;
    memset(page, 0, sizeof(page));
    ASSERT_EQ(Code(pci_initialize()), STATUS_OK);
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  // What a walk finds, as "bus:device.function" numbers.
  std::vector<uint32_t> Walk() {
    std::vector<uint32_t> found;
    pci_cursor_t cursor = {};
    pci_device_t device = {};
    status_t status = OK;
    while (status_is_ok(status = pci_next(&cursor, &device)) && found.size() < 1000) {
      found.push_back(static_cast<uint32_t>(device.address.bus << 16 | device.address.device << 8 |
                                            device.address.function));
    }
    EXPECT_EQ(Code(status), STATUS_END);
    return found;
  }
  uint32_t BarCode(pci_address_t address, uint64_t index) {
    pci_bar_t bar = {};
    return Code(pci_bar(address, index, &bar));
  }
  // A list of capabilities: kind and next of each.
  void AddCapabilities(Function &function, std::map<uint32_t, std::pair<uint8_t, uint8_t>> list) {
    function.Put(6, 0x10, 2);
    function.Put(0x34, list.begin()->first, 1);
    for (const auto &[place, entry] : list) {
      function.Put(place, entry.first, 1);
      function.Put(place + 1, entry.second, 1);
    }
  }

  Bus bus_;
};

TEST_F(PciTest, Next_EmptyBus_IsEnd) {
  EXPECT_TRUE(Walk().empty());
  EXPECT_LT(bus_.accesses, 100);
}

TEST_F(PciTest, Next_DevicesAndFunctions_AreFoundInOrder) {
  bus_.Add(0, 0, 0, 0x8086, 0x29c0);
  bus_.Add(0, 31, 0, 0x8086, 0x2918).Put(0x0e, 0x80, 1);
  bus_.Add(0, 31, 2, 0x8086, 0x2922);
  bus_.Add(0, 3, 5, 0x1111, 0x2222);  // function 0 is not there, so nobody may look
  EXPECT_EQ(Walk(), (std::vector<uint32_t>{0, 0x1f00, 0x1f02}));
}

TEST_F(PciTest, Next_Bridges_AreFollowedDownwards) {
  bus_.AddBridge(0, 1, 3);
  bus_.AddBridge(3, 0, 200);
  bus_.Add(200, 9, 0, 0x1af4, 0x1043);
  bus_.Add(100, 0, 0, 0x1af4, 0x1043);  // no bridge names this bus
  EXPECT_EQ(Walk(), (std::vector<uint32_t>{0x100, 0x30000, 0xc80900}));
}

TEST_F(PciTest, Next_BridgesThatLie_DoNotLoop) {
  bus_.AddBridge(0, 1, 0);  // itself
  bus_.AddBridge(0, 2, 5);
  bus_.AddBridge(0, 3, 5);  // the same one
  bus_.AddBridge(5, 0, 5);  // its own bus
  bus_.AddBridge(5, 1, 2);  // back
  bus_.AddBridge(5, 2, 255);
  bus_.AddBridge(255, 0, 0);
  EXPECT_EQ(Walk().size(), 7u);
}

TEST_F(PciTest, Next_EveryBusHasABridgeToEveryOther_Ends) {
  for (uint32_t bus = 0; bus < 256; bus++) {
    for (uint32_t device = 0; device < 2; device++) bus_.AddBridge(bus, device, 255 - device * bus);
  }
  EXPECT_LE(Walk().size(), 512u);
}

TEST_F(PciTest, Next_ForeignCursor_IsRefused) {
  bus_.Add(0, 0, 0, 1, 1);
  pci_device_t device = {};
  pci_cursor_t cursor = {};
  cursor.seal.tag = 1;
  EXPECT_EQ(Code(pci_next(&cursor, &device)), STATUS_INVALID_OBJECT);
  cursor = {};
  ASSERT_EQ(Code(pci_next(&cursor, &device)), STATUS_OK);
  memset(cursor.opaque, 0xff, sizeof(cursor.opaque));
  EXPECT_EQ(Code(pci_next(&cursor, &device)), STATUS_INVALID_OBJECT);
}

TEST_F(PciTest, Next_Device_IsDescribed) {
  Function &function = bus_.Add(0, 2, 0, 0x1af4, 0x1003);
  function.Put(8, 0x07800001, 4);
  function.Put(0x3c, 0x010b, 2);
  pci_cursor_t cursor = {};
  pci_device_t device = {};
  ASSERT_EQ(Code(pci_next(&cursor, &device)), STATUS_OK);
  EXPECT_EQ(device.vendor, 0x1af4);
  EXPECT_EQ(device.device, 0x1003);
  EXPECT_EQ(device.base_class, 7);
  EXPECT_EQ(device.sub_class, 0x80);
  EXPECT_EQ(device.revision, 1);
  EXPECT_EQ(device.pin, 1);
  EXPECT_EQ(device.line, 11);
}

TEST_F(PciTest, Find_Numbers_CountFromZero) {
  bus_.Add(0, 1, 0, 0x1af4, 0x1000);
  bus_.Add(0, 2, 0, 0x1af4, 0x1003);
  bus_.Add(0, 3, 0, 0x1af4, 0x1003).Put(8, 0x07800000, 4);
  pci_device_t device = {};
  ASSERT_EQ(Code(pci_find(0x1af4, 0x1003, 1, &device)), STATUS_OK);
  EXPECT_EQ(device.address.device, 3);
  ASSERT_EQ(Code(pci_find(0x1af4, kPciAny, 0, &device)), STATUS_OK);
  EXPECT_EQ(device.address.device, 1);
  EXPECT_EQ(Code(pci_find(0x1af4, 0x1003, 2, &device)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(pci_find(0x20000, 1, 0, &device)), STATUS_OUT_OF_RANGE);
  ASSERT_EQ(Code(pci_find_class(7, 0x80, 0, &device)), STATUS_OK);
  EXPECT_EQ(device.address.device, 3);
  EXPECT_EQ(Code(pci_find_class(7, 1, 0, &device)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(pci_find_class(0x100, 1, 0, &device)), STATUS_OUT_OF_RANGE);
}

TEST_F(PciTest, ReadWrite_BadArguments_AreRefused) {
  bus_.Add(0, 1, 0, 0x1af4, 0x1000);
  EXPECT_EQ(Code(pci_read({0, 2, 0}, 0, 4).status), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(pci_read({0, 32, 0}, 0, 4).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_read({0, 1, 8}, 0, 4).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_read({0, 1, 0}, 2, 4).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_read({0, 1, 0}, 256, 1).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_read({0, 1, 0}, 0, 3).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_write({0, 1, 0}, 0x40, 1, 256)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_write({0, 2, 0}, 0x40, 1, 1)), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(pci_write({0, 1, 0}, 0x42, 2, 0xabcd)), STATUS_OK);
  EXPECT_EQ(pci_read({0, 1, 0}, 0x40, 4).value, 0xabcd0000u);
}

TEST_F(PciTest, Bar_Kinds_AreMeasuredAndLeftAsTheyWere) {
  Function &function = bus_.Add(0, 1, 0, 1, 1);
  function.Put(4, 7, 2);
  function.masks = {{0x10, 0xffe0}, {0x14, 0xfffff000}, {0x18, 0xffffc000}, {0x1c, 0xffffffff}};
  function.Put(0x10, 0xc041, 4);
  function.Put(0x14, 0xfebf1000, 4);
  function.Put(0x18, 0xc000000c, 4);
  function.Put(0x1c, 8, 4);
  const auto before = function.bytes;
  pci_bar_t bar = {};
  ASSERT_EQ(Code(pci_bar({0, 1, 0}, 0, &bar)), STATUS_OK);
  EXPECT_EQ(bar.kind, static_cast<uint32_t>(kPciBarPorts));
  EXPECT_EQ(bar.start, 0xc040u);
  EXPECT_EQ(bar.bytes, 32u);
  ASSERT_EQ(Code(pci_bar({0, 1, 0}, 1, &bar)), STATUS_OK);
  EXPECT_EQ(bar.start, 0xfebf1000u);
  EXPECT_EQ(bar.bytes, 4096u);
  ASSERT_EQ(Code(pci_bar({0, 1, 0}, 2, &bar)), STATUS_OK);
  EXPECT_EQ(bar.kind, static_cast<uint32_t>(kPciBarMemory64));
  EXPECT_EQ(bar.start, 0x8c0000000u);
  EXPECT_EQ(bar.bytes, 0x4000u);
  EXPECT_EQ(bar.prefetchable, 1u);
  EXPECT_EQ(BarCode({0, 1, 0}, 3), STATUS_NOT_FOUND);
  EXPECT_EQ(BarCode({0, 1, 0}, 4), STATUS_NOT_FOUND);
  EXPECT_EQ(BarCode({0, 1, 0}, 6), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(function.bytes, before);
}

TEST_F(PciTest, Bar_Nonsense_IsATypedErrorAndOthersWork) {
  Function &function = bus_.Add(0, 1, 0, 1, 1);
  function.masks = {{0x10, 0xff0ff000}, {0x14, 0xfffff000}, {0x18, 0xfffff000}, {0x24, 0xfffff000}};
  function.Put(0x18, 6, 4);  // an unknown kind
  function.Put(0x20, 4, 4);  // flags, but no bit that can be written
  function.Put(0x24, 4, 4);  // 64 bits, but the other half is missing
  EXPECT_EQ(BarCode({0, 1, 0}, 0), STATUS_IO_ERROR);
  EXPECT_EQ(BarCode({0, 1, 0}, 1), STATUS_OK);
  EXPECT_EQ(BarCode({0, 1, 0}, 2), STATUS_IO_ERROR);
  EXPECT_EQ(BarCode({0, 1, 0}, 4), STATUS_IO_ERROR);
  bus_.Add(0, 2, 0, 1, 1).Put(0x0e, 5, 1);
  EXPECT_EQ(BarCode({0, 2, 0}, 0), STATUS_UNSUPPORTED);
  EXPECT_EQ(BarCode({0, 3, 0}, 0), STATUS_NOT_FOUND);
  bus_.AddBridge(0, 4, 1);
  EXPECT_EQ(BarCode({0, 4, 0}, 2), STATUS_NOT_FOUND);
  EXPECT_EQ(Walk().size(), 3u);
}

TEST_F(PciTest, Capability_List_IsFollowed) {
  AddCapabilities(bus_.Add(0, 1, 0, 1, 1),
                  {{0x40, {0x09, 0x50}}, {0x50, {0x11, 0x61}}, {0x60, {0x09, 0}}});
  EXPECT_EQ(pci_capability({0, 1, 0}, 0x11, 0).value, 0x50u);
  EXPECT_EQ(pci_capability({0, 1, 0}, 0x09, 0).value, 0x40u);
  EXPECT_EQ(pci_capability({0, 1, 0}, 0x09, 0x40).value, 0x60u);
  EXPECT_EQ(Code(pci_capability({0, 1, 0}, 0x09, 0x60).status), STATUS_NOT_FOUND);
  EXPECT_EQ(Code(pci_capability({0, 1, 0}, 0x05, 0).status), STATUS_NOT_FOUND);
  EXPECT_EQ(pci_capability({0, 1, 0}, kPciAny, 0x40).value, 0x50u);
  EXPECT_EQ(Code(pci_capability({0, 1, 0}, 0x100, 0).status), STATUS_OUT_OF_RANGE);
}

TEST_F(PciTest, Capability_NonsenseLists_AreIoErrors) {
  AddCapabilities(bus_.Add(0, 1, 0, 1, 1), {{0x40, {0x09, 0x50}}, {0x50, {0x11, 0x40}}});
  AddCapabilities(bus_.Add(0, 2, 0, 1, 1), {{0x40, {0x09, 0x40}}});
  AddCapabilities(bus_.Add(0, 3, 0, 1, 1), {{0x40, {0x09, 0x10}}});
  for (uint8_t device = 1; device <= 3; device++) {
    EXPECT_EQ(Code(pci_capability({0, device, 0}, 0x09, 0).status), STATUS_IO_ERROR);
  }
  bus_.Add(0, 4, 0, 1, 1).Put(0x0e, 0x7f, 1);
  EXPECT_EQ(Code(pci_capability({0, 4, 0}, 0x09, 0).status), STATUS_UNSUPPORTED);
  bus_.Add(0, 5, 0, 1, 1);  // says that it has no list
  EXPECT_EQ(Code(pci_capability({0, 5, 0}, 0x09, 0).status), STATUS_NOT_FOUND);
}

TEST_F(PciTest, Enable_RangesWithoutAPlace_GetOne) {
  Function &taken = bus_.Add(0, 1, 0, 1, 1);
  taken.masks = {{0x10, 0xff000000}};
  taken.Put(0x10, 0xfd000000, 4);
  Function &function = bus_.Add(0, 2, 0, 1, 1);
  function.masks = {{0x10, 0xfffff000}, {0x20, 0xffffc000}, {0x24, 0xffffffff}};
  function.Put(0x20, 0xc, 4);
  ASSERT_EQ(Code(pci_enable({0, 2, 0})), STATUS_OK);
  EXPECT_EQ(function.Get(4, 2), 7u);
  EXPECT_EQ(function.Get(0x10, 4), 0xfcfff000u);
  EXPECT_EQ(function.Get(0x20, 4), 0xfcff800cu);
  EXPECT_EQ(function.Get(0x24, 4), 0u);
  EXPECT_EQ(taken.Get(0x10, 4), 0xfd000000u);
}

TEST_F(PciTest, Enable_NoPlace_IsRefused) {
  bus_.AddBridge(0, 1, 1);
  bus_.Add(1, 0, 0, 1, 1).masks = {{0x10, 0xfffff000}};
  EXPECT_EQ(Code(pci_enable({1, 0, 0})), STATUS_UNSUPPORTED);
  EXPECT_EQ(Code(pci_enable({0, 9, 0})), STATUS_NOT_FOUND);
  bus_.Add(0, 2, 0, 1, 1).masks = {{0x10, 0x80000000}};
  EXPECT_EQ(Code(pci_enable({0, 2, 0})), STATUS_NO_SPACE);
}

TEST_F(PciTest, SetMessage_Table_IsWrittenAndUnmasked) {
  Function &function = bus_.Add(0, 1, 0, 1, 1);
  function.masks = {{0x14, 0xfffff000}};
  function.Put(0x14, 0xfebf1000, 4);
  AddCapabilities(function, {{0x40, {0x05, 0x50}}, {0x50, {0x11, 0}}});
  function.Put(0x52, 1, 2);          // two entries
  function.Put(0x54, 0x800 | 1, 4);  // range 1
  ASSERT_EQ(Code(pci_set_message({0, 1, 0}, 1, 0xfee00000, 65)), STATUS_OK);
  EXPECT_EQ(mapped_start, 0xfebf1000u);
  EXPECT_EQ(unmapped, 1);
  uint32_t entry[4];
  memcpy(entry, page + 0x810, sizeof(entry));
  EXPECT_EQ(entry[0], 0xfee00000u);
  EXPECT_EQ(entry[2], 65u);
  EXPECT_EQ(entry[3], 0u);
  EXPECT_EQ(function.Get(0x52, 2), 0x8001u);
  EXPECT_EQ(function.Get(4, 2) & 0x400, 0x400u);
  EXPECT_EQ(function.Get(0x42, 2), 0u);
  EXPECT_EQ(Code(pci_set_message({0, 1, 0}, 2, 0xfee00000, 65)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(pci_set_message({0, 1, 0}, 0, 0xfee00001, 65)), STATUS_OUT_OF_RANGE);
}

TEST_F(PciTest, SetMessage_TableOutsideOfItsRange_IsIoError) {
  Function &function = bus_.Add(0, 1, 0, 1, 1);
  function.masks = {{0x14, 0xfffff000}};
  function.Put(0x14, 0xfebf1000, 4);
  AddCapabilities(function, {{0x50, {0x11, 0}}});
  for (const uint32_t table : {0xff8u | 1, 0xfffffff8u | 1, 0u, 7u}) {
    function.Put(0x54, table, 4);
    EXPECT_EQ(Code(pci_set_message({0, 1, 0}, 0, 0xfee00000, 65)), STATUS_IO_ERROR);
  }
  EXPECT_EQ(unmapped, 0);
}

TEST_F(PciTest, SetMessage_Registers_AreWritten) {
  Function &function = bus_.Add(0, 1, 0, 1, 1);
  AddCapabilities(function, {{0x40, {0x05, 0}}});
  function.Put(0x42, 0x80, 2);
  ASSERT_EQ(Code(pci_set_message({0, 1, 0}, 0, 0xfee00000, 65)), STATUS_OK);
  EXPECT_EQ(function.Get(0x44, 4), 0xfee00000u);
  EXPECT_EQ(function.Get(0x4c, 2), 65u);
  EXPECT_EQ(function.Get(0x42, 2), 0x81u);
  EXPECT_EQ(Code(pci_set_message({0, 1, 0}, 1, 0xfee00000, 65)), STATUS_OUT_OF_RANGE);
  bus_.Add(0, 2, 0, 1, 1);
  EXPECT_EQ(Code(pci_set_message({0, 2, 0}, 0, 0xfee00000, 65)), STATUS_UNSUPPORTED);
  EXPECT_EQ(Code(pci_set_message({0, 3, 0}, 0, 0xfee00000, 65)), STATUS_NOT_FOUND);
}

}  // namespace
