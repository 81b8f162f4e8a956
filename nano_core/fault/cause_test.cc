// SPDX-License-Identifier: MIT
#include "nano_core/fault/cause.h"

#include <gtest/gtest.h>

#include <cstring>
#include <initializer_list>

namespace {

fault_signs_t Opcode(std::initializer_list<uint8_t> code) {
  fault_signs_t signs = {};
  signs.vector = 6;
  memcpy(signs.code, code.begin(), code.size());
  return signs;
}

fault_signs_t Page(uint64_t accessed, uint64_t error, fault_place place = kPlaceElsewhere) {
  fault_signs_t signs = {};
  signs.vector = 14;
  signs.error = error;
  signs.accessed = accessed;
  signs.place = place;
  return signs;
}

fault_cause Of(const fault_signs_t &signs) { return fault_cause_of(&signs); }

constexpr uint64_t kHigh = 0xffffd00000001000;
constexpr uint64_t kPresent = 1, kWrite = 2, kFetch = 16;

TEST(CauseTest, PageFault_Data_IsToldByAddress) {
  EXPECT_EQ(Of(Page(0, 0)), kFaultCauseNull);
  EXPECT_EQ(Of(Page(4095, kWrite)), kFaultCauseNull);
  EXPECT_EQ(Of(Page(4096, 0)), kFaultCauseUser);
  EXPECT_EQ(Of(Page(kHigh, kWrite)), kFaultCauseUnmapped);
  EXPECT_EQ(Of(Page(kHigh, kPresent)), kFaultCauseUnmapped);
  EXPECT_EQ(Of(Page(kHigh, kPresent | kWrite)), kFaultCauseReadOnly);
}

TEST(CauseTest, PageFault_Fetch_IsAJump) {
  EXPECT_EQ(Of(Page(0, kFetch)), kFaultCauseExecuteNull);
  EXPECT_EQ(Of(Page(kHigh, kFetch)), kFaultCauseExecuteUnmapped);
  EXPECT_EQ(Of(Page(kHigh, kFetch | kPresent)), kFaultCauseExecuteData);
}

TEST(CauseTest, PageFault_Guard_IsWhatItGuards) {
  EXPECT_EQ(Of(Page(kHigh, kWrite, kPlaceBelowStack)), kFaultCauseStackOverflow);
  EXPECT_EQ(Of(Page(kHigh, kWrite, kPlaceBehindGates)), kFaultCauseGateStackFull);
  EXPECT_EQ(Of(Page(kHigh, kWrite, kPlaceBehindUndoLog)), kFaultCauseUndoLogFull);
}

// The bytes are those that the toolchain emits.
TEST(CauseTest, Trap_IsToldByItsNumber) {
  EXPECT_EQ(Of(Opcode({0x0f, 0x0b})), kFaultCauseCheck);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x00})), kFaultCauseOverflow);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x0c})), kFaultCauseOverflow);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x15})), kFaultCauseOverflow);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x01})), kFaultCauseUnreachable);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x03})), kFaultCauseDivision);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x0a})), kFaultCauseValue);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x12})), kFaultCauseBounds);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x13})), kFaultCausePointerOverflow);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x14})), kFaultCauseShift);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x16})), kFaultCauseNullTrap);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x63})), kFaultCauseCanary);
  EXPECT_EQ(Of(Opcode({0x67, 0x0f, 0xb9, 0x40, 0x77})), kFaultCauseUndefined);
  EXPECT_EQ(Of(Opcode({0x06})), kFaultCauseUndefined);
  EXPECT_EQ(Of(Opcode({0x66, 0x0f, 0xef, 0xc0})), kFaultCauseFloatingPoint);
}

TEST(CauseTest, OtherVectors_AreNamed) {
  fault_signs_t signs = {};
  EXPECT_EQ(Of(signs), kFaultCauseDivision);
  for (const uint64_t vector : {12, 13, 17}) {
    signs.vector = vector;
    EXPECT_EQ(Of(signs), kFaultCauseProtection);
  }
  signs.vector = 7;
  EXPECT_EQ(Of(signs), kFaultCauseFloatingPoint);
  signs.vector = 3;
  EXPECT_EQ(Of(signs), kFaultCauseOther);
}

}  // namespace
