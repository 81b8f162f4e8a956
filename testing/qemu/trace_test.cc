// SPDX-License-Identifier: MIT
#include "testing/qemu/trace.h"

#include <gtest/gtest.h>

#include "testing/qemu/json_value.h"

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

TEST(JsonValueTest, ParseJson_EveryKind_IsRead) {
  const auto value = ParseJson(R"( {"a": [1, -2.5e1, true, false, null, "x\n\u0041\"", {}, []]} )");
  ASSERT_TRUE(value.has_value());
  const JsonValue *a = value->Find("a");
  ASSERT_NE(a, nullptr);
  ASSERT_EQ(a->array.size(), 8u);
  EXPECT_EQ(a->array[0].number, 1);
  EXPECT_EQ(a->array[1].number, -25);
  EXPECT_TRUE(a->array[2].boolean);
  EXPECT_EQ(a->array[3].kind, JsonValue::Kind::kBoolean);
  EXPECT_EQ(a->array[4].kind, JsonValue::Kind::kNull);
  EXPECT_EQ(a->array[5].string, "x\nA\"");
  EXPECT_EQ(a->array[6].kind, JsonValue::Kind::kObject);
  EXPECT_EQ(a->array[7].kind, JsonValue::Kind::kArray);
  EXPECT_EQ(value->Find("b"), nullptr);
}

TEST(JsonValueTest, ParseJson_Malformed_IsRefused) {
  for (const char *bad : {"",
                          "{",
                          "[1,]",
                          "{\"a\":1,}",
                          "{a:1}",
                          "[1 2]",
                          "01",
                          "1.",
                          "-",
                          "1e",
                          "+1",
                          "tru",
                          "\"a",
                          "\"\\x\"",
                          "\"\\u00g0\"",
                          "[] []",
                          "{\"a\":1,\"a\":2}",
                          "{\"a\"}",
                          "\"a\nb\"",
                          "'a'"}) {
    EXPECT_FALSE(ParseJson(bad).has_value()) << bad;
  }
  EXPECT_FALSE(ParseJson(std::string(200, '[') + std::string(200, ']')).has_value());
}

}  // namespace
}  // namespace qemu
