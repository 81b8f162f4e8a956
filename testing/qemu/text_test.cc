// SPDX-License-Identifier: MIT
#include "testing/qemu/text.h"

#include <gtest/gtest.h>

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

TEST(MonitorTest, Receive_ErrorWithoutDescription_GivesItWhole) {
  Monitor monitor;
  EXPECT_EQ(monitor.Receive("{\"error\": {\"class\": \"X\"}}\r\n").error, "{\"class\":\"X\"}");
}

TEST(MonitorTest, Receive_Garbage_IsNoNews) {
  for (const char *bad : {"", "x", "[]", "{", "{\"event\"", "{\"event\": 1}", "\"RESET\"",
                          "{\"data\": {\"event\": \"RESET\"}}", "{\"event\": \"SHUTDOWN\"}",
                          "{\"event\": \"RESET\"", "\xff"}) {
    Monitor monitor;
    const auto news = monitor.Receive(std::string(bad) + "\r\n");
    EXPECT_EQ(news.resets, 0) << bad;
    EXPECT_EQ(news.pictures, 0) << bad;
    EXPECT_FALSE(news.shut_down) << bad;
    EXPECT_EQ(news.error, "") << bad;
  }
}

TEST(MonitorTest, Commands_AreWhatQemuTakes) {
  EXPECT_EQ(Monitor::Greeting(), "{\"execute\":\"qmp_capabilities\"}\n");
  EXPECT_EQ(Monitor::KeyEvent("a", false),
            "{\"execute\":\"input-send-event\",\"arguments\":{\"events\":[{\"type\":\"key\","
            "\"data\":{\"down\":false,\"key\":{\"type\":\"qcode\",\"data\":\"a\"}}}]}}\n");
  EXPECT_EQ(Monitor::MouseEvent(3, -4),
            "{\"execute\":\"input-send-event\",\"arguments\":{\"events\":["
            "{\"type\":\"rel\",\"data\":{\"axis\":\"x\",\"value\":3}},"
            "{\"type\":\"rel\",\"data\":{\"axis\":\"y\",\"value\":-4}}]}}\n");
  EXPECT_EQ(Monitor::ButtonEvent("left", true),
            "{\"execute\":\"input-send-event\",\"arguments\":{\"events\":[{\"type\":\"btn\","
            "\"data\":{\"down\":true,\"button\":\"left\"}}]}}\n");
  EXPECT_EQ(Monitor::Screenshot("/a \"b\"", "png"),
            "{\"execute\":\"screendump\",\"id\":\"picture\",\"arguments\":{\"filename\":"
            "\"/a \\\"b\\\"\",\"format\":\"png\"}}\n");
}

}  // namespace
}  // namespace qemu
