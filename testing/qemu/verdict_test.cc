// SPDX-License-Identifier: MIT
#include "testing/qemu/verdict.h"

#include <gtest/gtest.h>

namespace qemu {
namespace {

using Kind = Ending::Kind;

// A wait status: Linux keeps the exit code in the second byte, a signal's number in the first.
int Exited(int code) { return code << 8; }
int DebugExit(int value) { return Exited((value << 1 | 1) & 0xff); }

TEST(VerdictTest, EndingOfQemu_PowerOff_GivesCode) {
  for (const int code : {0, 1, 3, 100}) {
    const Ending ending = EndingOfQemu(DebugExit(0x10 + code), false);
    EXPECT_EQ(ending.kind, Kind::kPoweredOff);
    EXPECT_EQ(ending.code, code);
  }
}

TEST(VerdictTest, EndingOfQemu_AnythingElse_IsDeath) {
  for (const int status : {DebugExit(0), DebugExit(0x0f), DebugExit(0x10 + 101), DebugExit(0x7f),
                           Exited(0), Exited(2), Exited(34), Exited(126), 9, 11}) {
    const Ending ending = EndingOfQemu(status, false);
    EXPECT_EQ(ending.kind, Kind::kDied) << status;
    EXPECT_NE(ending.reason, "") << status;
  }
}

TEST(VerdictTest, EndingOfQemu_ShutDown_IsPowerOffOnlyOfACleanExit) {
  const Ending ending = EndingOfQemu(0, true);
  EXPECT_EQ(ending.kind, Ending::Kind::kPoweredOff);
  EXPECT_EQ(ending.code, 0);
  for (const int status : {1 << 8, 2 << 8, 9}) {
    EXPECT_EQ(EndingOfQemu(status, true).kind, Ending::Kind::kDied) << status;
  }
}

TEST(VerdictTest, EndingOfQemu_Panic_IsNamed) {
  EXPECT_EQ(EndingOfQemu(DebugExit(0x7f), false).reason, "nano_core panicked");
  EXPECT_EQ(EndingOfQemu(9, false).reason, "QEMU was killed by signal 9");
}

}  // namespace
}  // namespace qemu
