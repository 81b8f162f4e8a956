// SPDX-License-Identifier: MIT
#include "nano_core/arch/apic.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "testing/host/ports.h"

namespace {

constexpr size_t kCommand = 0x300;
constexpr size_t kTarget = 0x310;
constexpr uint32_t kPending = 1 << 12;

using Write = std::pair<size_t, uint32_t>;

int interrupts_off;

alignas(8) unsigned char registers[kApicRegisterBytes];

// The register of commands stays busy for `busy` reads after each command.
class Local : public HostDevice {
 public:
  uint32_t ReadPort(uint16_t, int) override { return 0; }
  void WritePort(uint16_t, uint32_t, int) override { ADD_FAILURE(); }
  uint64_t ReadRegister(void *place, int bytes) override {
    EXPECT_EQ(bytes, 4);
    if (Offset(place) == 0x20) return 0xab000000;
    if (Offset(place) == kTarget) return 0x05000000;
    EXPECT_EQ(Offset(place), kCommand);
    EXPECT_EQ(interrupts_off, 1);
    reads++;
    return busy > 0 && busy-- > 0 ? kPending : 0;
  }
  void WriteRegister(void *place, uint64_t value, int bytes) override {
    EXPECT_EQ(bytes, 4);
    EXPECT_EQ(interrupts_off, 1);
    writes.emplace_back(Offset(place), static_cast<uint32_t>(value));
    reads_before_write = reads;
  }

  uint64_t busy = 0;
  uint64_t reads = 0;
  uint64_t reads_before_write = 0;
  std::vector<Write> writes;

 private:
  static size_t Offset(void *place) {
    return static_cast<size_t>(static_cast<unsigned char *>(place) - registers);
  }
};

class ApicTest : public ::testing::Test {
 protected:
  void SetUp() override {
    host_device = &local_;
    interrupts_off = 0;
  }
  void TearDown() override { EXPECT_EQ(interrupts_off, 0); }

  Local local_;
};

TEST_F(ApicTest, Number_Always_IsTheTopByte) { EXPECT_EQ(apic_number(registers), 0xabu); }

TEST_F(ApicTest, Send_Vector_NamesTheTargetFirst) {
  apic_send(registers, 3, 0xfd);
  EXPECT_EQ(local_.writes, (std::vector<Write>{{kTarget, 0x03000000}, {kCommand, 0x40fd}}));
}

TEST_F(ApicTest, SendInit_HighestNumber_FitsTheTopByte) {
  apic_send_init(registers, kApicHighest);
  EXPECT_EQ(local_.writes, (std::vector<Write>{{kTarget, 0xfe000000}, {kCommand, 0x4500}}));
}

TEST_F(ApicTest, SendStartup_Page_IsTheVector) {
  apic_send_startup(registers, 1, 0x9c);
  EXPECT_EQ(local_.writes, (std::vector<Write>{{kTarget, 0x01000000}, {kCommand, 0x469c}}));
}

TEST_F(ApicTest, SendNmi_Always_HasNoVector) {
  apic_send_nmi(registers, 2);
  EXPECT_EQ(local_.writes, (std::vector<Write>{{kTarget, 0x02000000}, {kCommand, 0x4400}}));
}

TEST_F(ApicTest, Send_CommandPending_WaitsUntilItIsOnItsWay) {
  local_.busy = 7;
  apic_send(registers, 1, 0xfd);
  EXPECT_EQ(local_.reads_before_write, 8u);
  EXPECT_EQ(local_.writes.size(), 2u);
}

TEST_F(ApicTest, Send_PendingForEver_GoesOnAfterAWhile) {
  local_.busy = UINT64_MAX;
  apic_send(registers, 1, 0xfd);
  EXPECT_EQ(local_.writes.size(), 2u);
  EXPECT_LE(local_.reads, 100000u);
}

// In an NMI interrupts are off, and nobody has to be asked for it.
TEST_F(ApicTest, SendSelf_InNmi_LeavesTheTargetAlone) {
  interrupts_off = 1;
  local_.busy = 7;
  apic_send_self(registers, 0x20);
  EXPECT_EQ(local_.writes, (std::vector<Write>{{kCommand, 0x44020}}));
  EXPECT_EQ(local_.reads_before_write, 8u);
  EXPECT_EQ(local_.reads, 9u) << "it must be on its way before the interrupted code sends";
  interrupts_off = 0;
}

TEST_F(ApicTest, TargetRestore_AfterSending_NamesTheTargetOfBefore) {
  const uint32_t target = apic_target(registers);
  apic_send_nmi(registers, 2);
  interrupts_off = 1;
  local_.busy = 3;
  const uint64_t reads = local_.reads;
  apic_target_restore(registers, target);
  EXPECT_EQ(local_.writes.back(), (Write{kTarget, 0x05000000}));
  EXPECT_EQ(local_.reads - reads, 4u);
  interrupts_off = 0;
}

}  // namespace

// What arch/cpu.h has for tests.
extern "C" uint64_t cpu_flags_save() { return static_cast<uint64_t>(interrupts_off++); }
extern "C" void cpu_flags_restore(uint64_t flags) { interrupts_off = static_cast<int>(flags); }
