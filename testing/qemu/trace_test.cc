// SPDX-License-Identifier: MIT
#include "testing/qemu/trace.h"

#include <gtest/gtest.h>

namespace qemu {
namespace {

constexpr char kTrace[] = "{\"traceEvents\":[\n{\"ph\":\"i\"},\n{\"ph\":\"M\"}\n]}\n";

TEST(TraceTest, CutTrace_AmongOtherLines_IsTheTraceAlone) {
  const auto trace = CutTrace(
      "{\"other\":1}\n{\"traceEvents\":[\n[log] x\n{\"ph\":\"i\"},\n= x\n{\"ph\":\"M\"}\n]}\n= "
      "ok\n");
  ASSERT_TRUE(trace.ok()) << trace.problem;
  EXPECT_EQ(trace.value, kTrace);
}

TEST(TraceTest, CutTrace_NotWhole_IsAProblem) {
  EXPECT_FALSE(CutTrace("").ok());
  EXPECT_FALSE(CutTrace("= error NOT_FOUND: no command trace\n").ok());
  EXPECT_FALSE(CutTrace("{\"traceEvents\":[\n{\"ph\":\"M\"}\n").ok());
  EXPECT_FALSE(CutTrace("{\"ph\":\"M\"}\n]}\n").ok());
}

}  // namespace
}  // namespace qemu
