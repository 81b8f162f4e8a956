// SPDX-License-Identifier: MIT
#include "cells/interrupt_controller/interrupt_controller.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cells/acpi_madt/acpi_madt.h"
#include "cells/address_space_mapper/address_space_mapper.h"
#include "cells/log/log.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(interrupt_controller_registers, 4096);

namespace {

constexpr uint32_t kMasked = 1 << 16;

// An I/O APIC with its page of registers.
struct Chip {
  explicit Chip(uint32_t pins = 24) : version((pins - 1) << 16 | 0x11), redirection(2 * pins) {}
  uint32_t version;
  uint32_t selected = 0;
  std::vector<uint32_t> redirection;
  alignas(16) unsigned char page[0x1000] = {};
};

std::map<uint64_t, Chip> chips;  // by physical address
std::vector<acpi_madt_entry_t> entries;
status_t madt_end = {STATUS_END};
std::vector<std::string> lines;
status_t map_status = {STATUS_OK};
int maps;
int mapped;
uint32_t boot_number;

uint32_t Code(status_t status) { return status.code; }

// All I/O APICs, and the mask registers of the legacy controllers.
class Controllers : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override {
    ADD_FAILURE();
    return 0;
  }
  void WritePort(uint16_t port, uint32_t value, int bytes) override {
    EXPECT_EQ(bytes, 1);
    legacy[port] = value;
  }
  uint64_t ReadRegister(void *place, int bytes) override {
    EXPECT_EQ(bytes, 4);
    uint64_t offset = 0;
    const Chip &chip = ChipAt(place, &offset);
    EXPECT_EQ(offset, 0x10u);
    return chip.selected == 1 ? chip.version : chip.redirection.at(chip.selected - 0x10);
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    EXPECT_EQ(bytes, 4);
    EXPECT_EQ(host_monitor_depth(), 1u);
    uint64_t offset = 0;
    Chip &chip = ChipAt(place, &offset);
    if (offset == 0) {
      chip.selected = static_cast<uint32_t>(value);
    } else {
      ASSERT_GE(chip.selected, 0x10u);
      chip.redirection.at(chip.selected - 0x10) = static_cast<uint32_t>(value);
      if (chip.selected % 2 == 0) low_writes++;
    }
  }

  std::map<uint16_t, uint32_t> legacy;
  int low_writes = 0;  // to the halves of redirections that hold the mask

 private:
  static Chip &ChipAt(void *place, uint64_t *offset) {
    for (auto &[address, chip] : chips) {
      unsigned char *registers = chip.page + address % 0x1000;
      if (place != registers && place != registers + 0x10) continue;
      *offset = place == registers ? 0 : 0x10;
      return chip;
    }
    ADD_FAILURE() << "no register";
    TRAP();
  }
};

acpi_madt_entry_t ControllerEntry(uint64_t address, uint32_t base) {
  acpi_madt_entry_t entry = {};
  entry.kind = kAcpiMadtController;
  entry.address.bytes = address;
  entry.global = base;
  return entry;
}

acpi_madt_entry_t OverrideEntry(uint32_t line, uint32_t global, uint32_t flags) {
  acpi_madt_entry_t entry = {};
  entry.kind = kAcpiMadtOverride;
  entry.number = line;
  entry.global = global;
  entry.flags = flags;
  return entry;
}

}  // namespace

status_t blob_retain(text_t) { return OK; }

owner_result_t owner_self(void) { return {OK, {3}}; }

memory_result_t address_space_mapper_map_device(owner_t owner, paddr_t start, uint64_t bytes) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  EXPECT_EQ(owner.number, 3u);
  EXPECT_LE(bytes, 0x1000u);
  if (!status_is_ok(map_status)) return {map_status, nullptr};
  maps++;
  mapped++;
  for (auto &[address, chip] : chips) {
    if (address / 0x1000 * 0x1000 == start.bytes) return {OK, chip.page};
  }
  // Where nobody answers.
  Chip &none = chips.try_emplace(start.bytes).first->second;
  none.version = UINT32_MAX;
  return {OK, none.page};
}

status_t address_space_mapper_unmap(owner_t, void *) {
  mapped--;
  return OK;
}

u64_result_t acpi_madt_next(uint64_t cursor, acpi_madt_entry_t *entry) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (cursor >= entries.size()) return {madt_end, 0};
  *entry = entries[cursor];
  return {OK, cursor + 1};
}

status_t processor_describe(uint64_t number, processor_info_t *info) {
  EXPECT_EQ(number, 0u);
  *info = {};
  info->apic = boot_number;
  return OK;
}

status_t log_write(text_t, text_t message) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  lines.push_back(std::string(message.data, message.length));
  return OK;
}

namespace {

class InterruptControllerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(interrupt_controller_registers);
    host_device = &controllers_;
    chips.clear();
    chips.try_emplace(kUsual);
    entries.clear();
    lines.clear();
    madt_end = ERR(NOT_FOUND);
    map_status = OK;
    maps = mapped = 0;
    boot_number = 0;
  }
  void TearDown() override { EXPECT_EQ(host_monitor_depth(), 0u); }

  static constexpr uint64_t kUsual = 0xfec00000;

  uint32_t Low(size_t pin, uint64_t address = kUsual) {
    return chips.at(address).redirection.at(2 * pin);
  }
  // The firmware has a list.
  void Announce(const std::vector<acpi_madt_entry_t> &list) {
    entries = list;
    madt_end = ERR(END);
  }
  bool Said(const std::string &part) {
    for (const std::string &line : lines) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }

  Controllers controllers_;
};

TEST_F(InterruptControllerTest, Initialize_Always_MasksEverything) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(controllers_.legacy[0x21], 0xffu);
  EXPECT_EQ(controllers_.legacy[0xa1], 0xffu);
  for (int pin = 0; pin < 24; pin++) EXPECT_EQ(Low(pin), kMasked) << pin;
}

TEST_F(InterruptControllerTest, Initialize_NoController_IsUnsupported) {
  chips.at(kUsual).version = UINT32_MAX;
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNSUPPORTED);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OUT_OF_RANGE);
}

TEST_F(InterruptControllerTest, Initialize_RegistersOfZeros_IsUnsupported) {
  chips.at(kUsual).version = 0;
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNSUPPORTED);
  EXPECT_EQ(mapped, 0);
}

TEST_F(InterruptControllerTest, Controllers_NoneHasTheTimersLine_TheUsualOneIsAdded) {
  constexpr uint64_t kOther = 0xfec90000;
  chips.try_emplace(kOther);
  Announce({ControllerEntry(kOther, 24)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_TRUE(Said("no I/O APIC has the timer's line; one is assumed at 0xfec00000"));
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Low(2), 32u);
  EXPECT_EQ(Code(interrupt_controller_enable(24, 56)), STATUS_OK);
  EXPECT_EQ(Low(0, kOther), 56u | 0xa000);
}

TEST_F(InterruptControllerTest, Initialize_AfterAFailure_KeepsOneMapping) {
  chips.at(kUsual).version = UINT32_MAX;
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNSUPPORTED);
  chips.at(kUsual).version = 23 << 16 | 0x11;
  EXPECT_EQ(mapped, 0);
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(mapped, 1);
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(mapped, 1);
}

TEST_F(InterruptControllerTest, Initialize_MapperGone_TellsWhy) {
  map_status = ERR(UNAVAILABLE);
  EXPECT_EQ(Code(interrupt_controller_initialize()), STATUS_UNAVAILABLE);
}

TEST_F(InterruptControllerTest, Enable_IsaLine_IsEdgeTriggered) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  chips.at(kUsual).redirection[3] = 0xff000000;
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OK);
  EXPECT_EQ(Low(1), 33u);
  EXPECT_EQ(chips.at(kUsual).redirection[3], 0u);
}

TEST_F(InterruptControllerTest, Enable_TimerLine_IsPinTwo) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Low(2), 32u);
  EXPECT_EQ(Low(0), kMasked);
}

TEST_F(InterruptControllerTest, Enable_LineAboveIsa_IsLevelActiveLow) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(17, 49)), STATUS_OK);
  EXPECT_EQ(Low(17), 49u | 0xa000);
}

TEST_F(InterruptControllerTest, Enable_OutOfRange_ChangesNothing) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(2, 34)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(24, 56)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 31)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 240)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(UINT64_MAX, UINT64_MAX)), STATUS_OUT_OF_RANGE);
  for (int pin = 0; pin < 24; pin++) EXPECT_EQ(Low(pin), kMasked) << pin;
}

TEST_F(InterruptControllerTest, Disable_EnabledLine_MasksIt) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(4, 36)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_disable(4)), STATUS_OK);
  EXPECT_EQ(Low(4), kMasked);
  EXPECT_EQ(Code(interrupt_controller_disable(2)), STATUS_OUT_OF_RANGE);
}

TEST_F(InterruptControllerTest, Enable_BootProcessorNotTheFirst_IsTheTarget) {
  boot_number = 6;
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OK);
  EXPECT_EQ(chips.at(kUsual).redirection[3], 6u << 24);
}

TEST_F(InterruptControllerTest, Route_EnabledLine_ChangesTheTargetAndNothingElse) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  const uint32_t low = Low(2);
  controllers_.low_writes = 0;
  EXPECT_EQ(Code(interrupt_controller_route(0, 7)), STATUS_OK);
  EXPECT_EQ(chips.at(kUsual).redirection[5], 7u << 24);
  EXPECT_EQ(Low(2), low);
  EXPECT_EQ(controllers_.low_writes, 0) << "an edge is lost while the line is masked";
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(chips.at(kUsual).redirection[5], 0u) << "enabled anew, it comes back";
}

TEST_F(InterruptControllerTest, Route_BadArguments_ChangeNothing) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_route(1, 1)), STATUS_NOT_FOUND) << "masked";
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_route(1, 255)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_route(1, UINT64_MAX)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_route(2, 1)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_route(24, 1)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_route(UINT64_MAX, 1)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(chips.at(kUsual).redirection[3], 0u);
}

TEST_F(InterruptControllerTest, MakeNmi_EnabledLine_ChangesHowItIsDelivered) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_route(0, 7)), STATUS_OK);
  controllers_.low_writes = 0;
  EXPECT_EQ(Code(interrupt_controller_make_nmi(0)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_make_nmi(0)), STATUS_OK);
  EXPECT_EQ(Low(2), 0x420u);
  EXPECT_EQ(chips.at(kUsual).redirection[5], 7u << 24);
  EXPECT_EQ(controllers_.low_writes, 2) << "an edge is lost while the line is masked";
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Low(2), 32u);
}

TEST_F(InterruptControllerTest, MakeNmi_BadArguments_ChangeNothing) {
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_make_nmi(1)), STATUS_NOT_FOUND) << "masked";
  EXPECT_EQ(Low(1), kMasked);
  EXPECT_EQ(Code(interrupt_controller_make_nmi(2)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_make_nmi(UINT64_MAX)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_enable(20, 52)), STATUS_OK);
  const uint32_t level = Low(20);
  EXPECT_EQ(Code(interrupt_controller_make_nmi(20)), STATUS_UNSUPPORTED);
  EXPECT_EQ(Low(20), level);
}

TEST_F(InterruptControllerTest, Override_EachKind_SaysWhereAndHow) {
  Announce({ControllerEntry(kUsual, 0), OverrideEntry(0, 2, 0), OverrideEntry(5, 5, 0x5),
            OverrideEntry(9, 20, 0xf), OverrideEntry(10, 10, 0xd), OverrideEntry(11, 11, 0x7)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  for (const uint64_t line : {0, 5, 9, 10, 11, 12}) {
    ASSERT_EQ(Code(interrupt_controller_enable(line, 64 + line)), STATUS_OK);
  }
  EXPECT_EQ(Low(2), 64u);
  EXPECT_EQ(Low(5), 69u);
  EXPECT_EQ(Low(20), 73u | 0xa000);
  EXPECT_EQ(Low(10), 74u | 0x8000);
  EXPECT_EQ(Low(11), 75u | 0x2000);
  EXPECT_EQ(Low(12), 76u);
  EXPECT_EQ(Low(9), kMasked);
  EXPECT_EQ(interrupt_controller_global(9).value, 20u);
  EXPECT_EQ(interrupt_controller_global(17).value, 17u);
  EXPECT_TRUE(interrupt_controller_is_edge(0).value);
  for (const uint64_t line : {9, 10, 11, 17}) {
    EXPECT_FALSE(interrupt_controller_is_edge(line).value) << line;
  }
  EXPECT_EQ(Code(interrupt_controller_is_edge(2).status), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_is_edge(24).status), STATUS_OUT_OF_RANGE);
}

TEST_F(InterruptControllerTest, Override_NoneForTheTimer_LeavesItAtPinZero) {
  Announce({ControllerEntry(kUsual, 0)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Low(0), 32u);
  EXPECT_EQ(interrupt_controller_global(0).value, 0u);
}

TEST_F(InterruptControllerTest, Override_Nonsense_IsIgnoredAndNamed) {
  // Reserved polarity, reserved trigger, no line of the bus.
  Announce({ControllerEntry(kUsual, 0), OverrideEntry(5, 7, 0x2), OverrideEntry(6, 7, 0x8),
            OverrideEntry(16, 7, 0), OverrideEntry(255, 7, 0)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(lines.size(), 4u);
  EXPECT_TRUE(Said("an override that makes no sense, of line 0x10"));
  EXPECT_EQ(interrupt_controller_global(5).value, 5u);
}

TEST_F(InterruptControllerTest, Override_ToALineThatNobodyHas_IsOutOfRange) {
  Announce({ControllerEntry(kUsual, 0), OverrideEntry(5, 99, 0)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(5, 40)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_disable(5)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Code(interrupt_controller_global(5).status), STATUS_OUT_OF_RANGE);
}

TEST_F(InterruptControllerTest, Controllers_Two_HaveTheirOwnLines) {
  constexpr uint64_t kSecond = 0xfec01010;
  chips.try_emplace(kSecond, 32);
  Announce({ControllerEntry(kSecond, 24), ControllerEntry(kUsual, 0)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(23, 100)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(24, 101)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(55, 102)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(56, 103)), STATUS_OUT_OF_RANGE);
  EXPECT_EQ(Low(23), 100u | 0xa000);
  EXPECT_EQ(Low(0, kSecond), 101u | 0xa000);
  EXPECT_EQ(Low(31, kSecond), 102u | 0xa000);
  EXPECT_EQ(Low(1, kSecond), kMasked);
}

TEST_F(InterruptControllerTest, Controllers_Nonsense_AreIgnoredAndNamed) {
  chips.try_emplace(0xfec20000);
  Announce({ControllerEntry(0, 0), ControllerEntry(0x1000, 0), ControllerEntry(0xfec00008, 0),
            ControllerEntry(0xfec00ff0, 0), ControllerEntry(kUsual, 0), ControllerEntry(kUsual, 24),
            ControllerEntry(0xfec10000, 0), ControllerEntry(0xfec20000, 12)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_TRUE(Said("no I/O APIC can be at 0x1000"));
  EXPECT_TRUE(Said("no I/O APIC can be at 0xfec00008"));
  EXPECT_TRUE(Said("no I/O APIC can be at 0xfec00ff0"));
  EXPECT_TRUE(Said("for the same lines, at 0xfec10000"));
  EXPECT_TRUE(Said("the I/O APIC at 0xfec20000 does not answer, or has lines of another one"));
  EXPECT_EQ(mapped, 1);
  EXPECT_EQ(Code(interrupt_controller_enable(1, 33)), STATUS_OK);
  EXPECT_EQ(Low(1), 33u);
}

TEST_F(InterruptControllerTest, Controllers_MoreThanEight_AreIgnored) {
  std::vector<acpi_madt_entry_t> list;
  for (uint32_t i = 0; i < 12; i++) {
    chips.try_emplace(kUsual + 0x1000 * i);
    list.push_back(ControllerEntry(kUsual + 0x1000 * i, 24 * i));
  }
  Announce(list);
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(191, 100)), STATUS_OK);
  EXPECT_EQ(Code(interrupt_controller_enable(192, 100)), STATUS_OUT_OF_RANGE);
  EXPECT_TRUE(Said("one I/O APIC too many"));
}

TEST_F(InterruptControllerTest, Controllers_NoneAnswers_TheUsualOneIsTried) {
  Announce({ControllerEntry(0xfec80000, 0), OverrideEntry(1, 5, 0)});
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_EQ(interrupt_controller_global(1).value, 1u);
  EXPECT_EQ(Code(interrupt_controller_enable(0, 32)), STATUS_OK);
  EXPECT_EQ(Low(2), 32u);
}

TEST_F(InterruptControllerTest, List_EndsWithNonsense_KeepsWhatCameBefore) {
  Announce({ControllerEntry(kUsual, 0), OverrideEntry(9, 20, 0xf)});
  madt_end = ERR(IO_ERROR);
  ASSERT_EQ(Code(interrupt_controller_initialize()), STATUS_OK);
  EXPECT_TRUE(Said("ends with nonsense"));
  EXPECT_EQ(interrupt_controller_global(9).value, 20u);
}

}  // namespace
