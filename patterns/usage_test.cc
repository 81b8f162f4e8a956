// SPDX-License-Identifier: MIT
#include "patterns/usage.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

text_t T(const char *text) { return {text, strlen(text)}; }

std::string S(text_t text) { return std::string(text.data, text.length); }

const char *const kSwap = "swap NAME [OBJECT] | NAME=OBJECT ... | --all";

TEST(UsageTest, Of_Summary_IsWhatStandsBeforeTheColon) {
  EXPECT_EQ(S(usage_of(T("swap NAME: replaces: it"))), "swap NAME");
  EXPECT_EQ(S(usage_of(T("no usage at all"))), "no usage at all");
  EXPECT_EQ(S(usage_of(T("a:b"))), "a:b");
  EXPECT_EQ(S(usage_of(T(""))), "");
}

TEST(UsageTest, Form_Several_AreSeparated) {
  EXPECT_EQ(S(usage_form(T(kSwap), 0)), "swap NAME [OBJECT]");
  EXPECT_EQ(S(usage_form(T(kSwap), 1)), "NAME=OBJECT ...");
  EXPECT_EQ(S(usage_form(T(kSwap), 2)), "--all");
  EXPECT_EQ(S(usage_form(T(kSwap), 3)), "");
}

TEST(UsageTest, Item_Brackets_AreTakenOff) {
  EXPECT_EQ(S(usage_item(T(kSwap), 0, 1)), "NAME");
  EXPECT_EQ(S(usage_item(T(kSwap), 0, 2)), "OBJECT");
  EXPECT_EQ(S(usage_item(T(kSwap), 0, 3)), "");
  EXPECT_EQ(S(usage_item(T("pages [ADDRESS BYTES]"), 0, 1)), "ADDRESS");
  EXPECT_EQ(S(usage_item(T("pages [ADDRESS BYTES]"), 0, 2)), "BYTES");
  EXPECT_EQ(S(usage_item(T("x [A [B]]"), 0, 2)), "B");
  EXPECT_EQ(S(usage_item(T("mem"), 0, 1)), "");
}

TEST(UsageTest, Item_Dots_RepeatTheLast) {
  for (const char *usage : {"work start|stop [all|keys ...]", "work start|stop [all|keys...]"}) {
    EXPECT_EQ(S(usage_item(T(usage), 0, 1)), "start|stop") << usage;
    EXPECT_EQ(S(usage_item(T(usage), 0, 2)), "all|keys") << usage;
    EXPECT_EQ(S(usage_item(T(usage), 0, 9)), "all|keys") << usage;
  }
  EXPECT_EQ(S(usage_item(T(kSwap), 1, 1)), "NAME=OBJECT");
  EXPECT_EQ(S(usage_item(T(kSwap), 1, 5)), "NAME=OBJECT");
}

TEST(UsageTest, Choice_Each_IsOneWord) {
  EXPECT_EQ(S(usage_choice(T("start|stop"), 0)), "start");
  EXPECT_EQ(S(usage_choice(T("start|stop"), 1)), "stop");
  EXPECT_EQ(S(usage_choice(T("start|stop"), 2)), "");
  EXPECT_EQ(S(usage_choice(T(""), 0)), "");
}

TEST(UsageTest, Kind_CapitalsSayWhatIsMeant) {
  EXPECT_EQ(usage_kind(T("NAME")), kUsageName);
  EXPECT_EQ(usage_kind(T("OBJECT")), kUsageObject);
  EXPECT_EQ(usage_kind(T("FUNCTION")), kUsageFunction);
  EXPECT_EQ(usage_kind(T("COMMAND")), kUsageCommand);
  EXPECT_EQ(usage_kind(T("BLOB")), kUsageBlob);
  EXPECT_EQ(usage_kind(T("INTEGER")), kUsageInteger);
  EXPECT_EQ(usage_kind(T("NAME=OBJECT")), kUsagePair);
  EXPECT_EQ(usage_kind(T("ROUNDS")), kUsageOther);
  EXPECT_EQ(usage_kind(T("")), kUsageOther);
  EXPECT_EQ(usage_kind(T("--all")), kUsageLiteral);
  EXPECT_EQ(usage_kind(T("json")), kUsageLiteral);
}

TEST(UsageTest, Fits_Word_IsHeldAgainstTheItem) {
  EXPECT_TRUE(usage_fits(T("start|stop"), T("stop")));
  EXPECT_FALSE(usage_fits(T("start|stop"), T("dance")));
  EXPECT_TRUE(usage_fits(T("NAME"), T("anything")));
  EXPECT_FALSE(usage_fits(T("NAME"), T("a=b")));
  EXPECT_TRUE(usage_fits(T("NAME=OBJECT"), T("a=b")));
  EXPECT_FALSE(usage_fits(T("NAME=OBJECT"), T("a")));
  EXPECT_FALSE(usage_fits(T(""), T("a")));
}

TEST(UsageTest, Mentions_OnlyWholeWords) {
  EXPECT_TRUE(usage_mentions(T(kSwap), kUsageName));
  EXPECT_TRUE(usage_mentions(T("x A=OBJECT..."), kUsageObject));
  EXPECT_FALSE(usage_mentions(T("x FILENAME NAMES"), kUsageName));
  EXPECT_FALSE(usage_mentions(T(kSwap), kUsageLiteral));
}

TEST(UsageTest, Meaning_EveryWord_HasOne) {
  for (uint32_t i = 0; i < kUsageKinds; i++) {
    const auto kind = static_cast<enum usage_kind>(i);
    EXPECT_EQ(usage_word(kind).length == 0, usage_meaning(kind).length == 0) << i;
  }
}

}  // namespace
