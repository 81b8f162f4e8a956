// SPDX-License-Identifier: MIT
#include "tools/json/json.h"

#include <gtest/gtest.h>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

Json parse(const std::string &text) { return parse_json("sample", text); }

TEST(JsonTest, Parse_EachKind_IsRead) {
  const Json value =
      parse(" { \"a\" : [ 1 , -2.5e3 , true , false , null , \"x\" ] , \"b\":{} }\n");
  ASSERT_EQ(value.kind, Json::kObject);
  const Json &items = value.at("a");
  ASSERT_EQ(items.items.size(), 6u);
  EXPECT_EQ(items.items[0].number(), 1u);
  EXPECT_EQ(items.items[1].text, "-2.5e3");
  EXPECT_EQ(items.items[1].number(), 0u);
  EXPECT_TRUE(items.items[2].boolean);
  EXPECT_EQ(items.items[3].kind, Json::kBoolean);
  EXPECT_FALSE(items.items[3].boolean);
  EXPECT_EQ(items.items[4].kind, Json::kNull);
  EXPECT_EQ(items.items[5].text, "x");
  EXPECT_EQ(value.at("b").kind, Json::kObject);
  EXPECT_EQ(value.find("c"), nullptr);
  EXPECT_EQ(value.at("c").kind, Json::kNull);
}

TEST(JsonTest, Parse_Escapes_AreUndone) {
  EXPECT_EQ(parse("\"a\\\"\\\\\\/\\n\\t\\u0041\"").text, "a\"\\/\n\tA");
  EXPECT_EQ(parse("\"\\u00e9\\u20ac\\ud83d\\ude00\"").text, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(JsonTest, Parse_Malformed_IsRefusedWithThePlace) {
  for (const std::string text :
       {"", "{", "[1,]", "[1 2]", "{\"a\":1,\"a\":2}", "{1:2}", "\"a", "\"\\x\"", "\"\\u12\"",
        "\"\\u12g4\"", "1 2", "tru", "1x", "\"\n\"", "[", "{\"a\"}"}) {
    EXPECT_THROW(parse(text), Refusal) << text;
  }
  EXPECT_THROW(parse(std::string(200, '[') + std::string(200, ']')), Refusal);
  try {
    parse("[1, ?]");
    FAIL();
  } catch (const Refusal &refusal) {
    EXPECT_STREQ(refusal.what(), "error: sample: malformed JSON: at byte 4: a value is wanted");
  }
}

TEST(JsonTest, Quote_AndParse_GiveTheSame) {
  const std::string text = "a\"b\\c\n\x01 \xc3\xa9";
  EXPECT_EQ(json_quote("a\"\n"), "\"a\\\"\\u000a\"");
  EXPECT_EQ(parse(json_quote(text)).text, text);
}

}  // namespace
}  // namespace theseus
