// SPDX-License-Identifier: MIT
#include "testing/qemu/text.h"

#include <gtest/gtest.h>

#include "testing/qemu/json.h"
#include "testing/qemu/monitor.h"
#include "testing/qemu/transcript.h"

namespace qemu {
namespace {

TEST(TextTest, ParseNumber_TakesDigitsInRangeOnly) {
  EXPECT_EQ(ParseNumber("42", 0, 42), 42u);
  for (const char *bad : {"", " 1", "1 ", "-1", "+1", "0x1", "43", "99999999999999999999"}) {
    EXPECT_EQ(ParseNumber(bad, 1, 42), std::nullopt) << bad;
  }
  EXPECT_EQ(ParseNumber("0", 1, 42), std::nullopt);
}

TEST(TextTest, Words_AndTrim_DropBlanks) {
  EXPECT_EQ(Words("  a\tb  c "), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(Words(" \t").empty());
  EXPECT_EQ(Trim(" \t a b \r"), "a b");
  EXPECT_EQ(Trim("  "), "");
}

TEST(TextTest, Lines_KeepEmptyOnesButNoEmptyRest) {
  EXPECT_EQ(Lines("a\n\nb\n"), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(Lines("a"), (std::vector<std::string_view>{"a"}));
  EXPECT_TRUE(Lines("").empty());
}

TEST(TranscriptTest, NextLine_HalfALine_Waits) {
  Transcript transcript;
  size_t position = 0;
  EXPECT_EQ(transcript.Add("one\r\nt"), "one\nt");
  EXPECT_EQ(transcript.NextLine(&position), "one");
  EXPECT_EQ(transcript.NextLine(&position), std::nullopt);
  EXPECT_EQ(transcript.Add("wo\r\n"), "wo\n");
  EXPECT_EQ(transcript.NextLine(&position), "two");
  EXPECT_EQ(position, transcript.end());
}

TEST(JsonTest, JsonMember_FindsOutermostOnly) {
  const std::string_view json =
      R"({"data": {"event": "inner", "text": "}]\"{"}, "list": [1, {"a": "]"}], "n": 12,)"
      R"( "event": "a\"b\nc"})";
  EXPECT_EQ(JsonMember(json, "event"), "a\"b\nc");
  EXPECT_EQ(JsonMember(json, "n"), "12");
  EXPECT_EQ(JsonMember(json, "list"), R"([1, {"a": "]"}])");
  EXPECT_EQ(JsonMember(json, "text"), std::nullopt);
}

TEST(JsonTest, JsonMember_Garbage_IsNothing) {
  for (const char *bad : {"", "x", "[]", "{", "{\"event\"", "{\"event", "{\"a\": {"}) {
    EXPECT_EQ(JsonMember(bad, "data"), std::nullopt) << bad;
  }
}

TEST(JsonTest, JsonString_EscapesControls) {
  EXPECT_EQ(JsonString("a\"\\\n"), "\"a\\\"\\\\\\u000a\"");
}

TEST(MonitorTest, Receive_InPieces_CountsResets) {
  Monitor monitor;
  EXPECT_EQ(monitor.Receive("{\"timestamp\": {\"seconds\": 1}, \"event\": \"RE").resets, 0);
  EXPECT_EQ(monitor.Receive("SET\", \"data\": {\"guest\": true}}\r\n{\"return\": {}}\r\n").resets,
            1);
  EXPECT_EQ(monitor.Receive("{\"event\": \"RESUME\"}\r\n").resets, 0);
}

TEST(MonitorTest, Receive_Error_GivesDescription) {
  Monitor monitor;
  const auto news =
      monitor.Receive("{\"error\": {\"class\": \"GenericError\", \"desc\": \"no such key\"}}\r\n");
  EXPECT_EQ(news.error, "no such key");
}

TEST(MonitorTest, KeyEvent_IsOneLineOfJson) {
  const std::string event = Monitor::KeyEvent("a", false);
  EXPECT_EQ(JsonMember(event, "execute"), "input-send-event");
  EXPECT_EQ(event.find('\n'), event.size() - 1);
}

}  // namespace
}  // namespace qemu
