// SPDX-License-Identifier: MIT
#include "testing/step/remote.h"

#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>

namespace step {
namespace {

// The other end: answers what the test has laid ready, and keeps what it was asked.
class RemoteTest : public testing::Test {
 protected:
  void Answer(std::string_view content) { answers_.push_back(Packet(content)); }

  std::string asked_;
  std::deque<std::string> answers_;
  Remote remote_{[this](std::string_view bytes) { asked_ += bytes; },
                 [this] {
                   if (answers_.empty()) throw std::runtime_error("nothing comes any more");
                   std::string next = answers_.front();
                   answers_.pop_front();
                   return next;
                 }};
};

TEST(PacketTest, Packet_Content_HasMarksAndChecksum) {
  EXPECT_EQ(Packet("OK"), "$OK#9a");
  EXPECT_EQ(Packet(""), "$#00");
}

TEST(PacketReaderTest, Next_PiecesOfAnySize_GiveWholePackets) {
  PacketReader reader;
  for (const char c : std::string("+$OK#9a+")) {
    EXPECT_FALSE(reader.Next().has_value());
    reader.Add(std::string(1, c));
    if (c == 'a') EXPECT_EQ(reader.Next(), "OK");
  }
  reader.Add("$T05thread:01;#07$#00");
  EXPECT_EQ(reader.Next(), "T05thread:01;");
  EXPECT_EQ(reader.Next(), "");
  EXPECT_FALSE(reader.Next().has_value());
}

TEST(PacketReaderTest, Next_EscapesAndRepetitions_AreUndone) {
  PacketReader reader;
  reader.Add(Packet("0* x}\x03"));  // 0, and three more; an escaped '#'
  EXPECT_EQ(reader.Next(), "0000x#");
}

TEST(PacketReaderTest, Next_WrongChecksum_Throws) {
  PacketReader reader;
  reader.Add("$OK#9b");
  EXPECT_THROW(reader.Next(), std::runtime_error);
}

TEST_F(RemoteTest, Begin_AnotherWayOfStepping_Throws) {
  Answer("ENABLE=1");
  EXPECT_THROW(remote_.Begin(), std::runtime_error);
}

TEST_F(RemoteTest, Begin_NoListOfRegisters_Throws) {
  Answer("ENABLE=1,NOIRQ=2,NOTIMER=4");
  Answer("");
  EXPECT_THROW(remote_.Begin(), std::runtime_error);
}

TEST_F(RemoteTest, RunTo_Held_AcknowledgesBeforeTheMachineRuns) {
  for (const char *answer : {"OK", "OK", "T05thread:01;", "OK", "OK", "0010000000000000"}) {
    Answer(answer);
  }
  EXPECT_EQ(remote_.RunTo({0x1000}, true), 0x1000u);
  EXPECT_EQ(asked_, Packet("Z1,1000,1") + "+" + Packet("P1f=0f00000000000000") + "+" + Packet("c") +
                        "+" + Packet("z1,1000,1") + "+" + Packet("P1f=0000000000000000") + "+" +
                        Packet("p10") + "+");
}

TEST_F(RemoteTest, RunTo_BreakpointRefused_Throws) {
  Answer("E22");
  EXPECT_THROW(remote_.RunTo({0x1000}, false), std::runtime_error);
}

TEST_F(RemoteTest, ReadNumber_FourBytes_AreLittleEndian) {
  Answer("78563412");
  EXPECT_EQ(remote_.ReadNumber(0x1000, 4), 0x12345678u);
  EXPECT_EQ(asked_, Packet("m1000,4") + "+");
}

TEST_F(RemoteTest, Read_NotMapped_Throws) {
  Answer("E14");
  EXPECT_THROW(remote_.Read(0x1000, 4), std::runtime_error);
}

TEST_F(RemoteTest, WriteNumber_Refused_Throws) {
  Answer("E14");
  EXPECT_THROW(remote_.WriteNumber(0x1000, 0x1234, 2), std::runtime_error);
  EXPECT_EQ(asked_, Packet("M1000,2:3412") + "+");
}

TEST_F(RemoteTest, Step_KindOfStep_IsToldWhenItChanges) {
  for (const char *answer : {"OK", "T05thread:01;", "T05thread:01;", "OK", "T05thread:01;"}) {
    Answer(answer);
  }
  remote_.Step(Interrupts::kMasked);
  remote_.Step(Interrupts::kMasked);
  remote_.Step(Interrupts::kAdmitted);
  EXPECT_EQ(asked_, Packet("Qqemu.sstep=7") + "+" + Packet("s") + "+" + Packet("s") + "+" +
                        Packet("Qqemu.sstep=1") + "+" + Packet("s") + "+");
}

TEST_F(RemoteTest, WaitForStop_MachineGone_Throws) {
  Answer("W00");
  EXPECT_THROW(remote_.WaitForStop(), std::runtime_error);
}

TEST_F(RemoteTest, ReadRegisters_QemusPacket_IsTakenApart) {
  std::string bytes;
  for (int i = 0; i < 17; i++)
    bytes += std::string(1, static_cast<char>('0' + i % 10)) + "100000000000000";
  bytes += "46020000";               // rflags
  bytes += std::string(6 * 8, '0');  // segment registers
  bytes += std::string(16, '0');     // fs_base
  bytes +=
      "00c0110000"
      "80ffff";  // gs_base
  Answer(bytes);
  const Registers registers = remote_.ReadRegisters();
  EXPECT_EQ(registers.rax, 0x01u);
  EXPECT_EQ(registers.rbx, 0x11u);
  EXPECT_EQ(registers.rip, 0x61u);
  EXPECT_EQ(registers.rflags, 0x246u);
  EXPECT_TRUE(registers.interrupts_on());
  EXPECT_EQ(registers.gs_base, 0xffff80000011c000u);
}

TEST_F(RemoteTest, ReadRegisters_TooFew_Throws) {
  Answer("0000");
  EXPECT_THROW(remote_.ReadRegisters(), std::runtime_error);
}

}  // namespace
}  // namespace step
