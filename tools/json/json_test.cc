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
  ASSERT_TRUE(value.is_object());
  const Json &items = json_member(value, "a");
  ASSERT_EQ(items.size(), 6u);
  EXPECT_EQ(items[0], 1u);
  EXPECT_EQ(items[1], -2500.0);
  EXPECT_EQ(items[2], true);
  EXPECT_EQ(items[3], false);
  EXPECT_TRUE(items[4].is_null());
  EXPECT_EQ(json_string(items[5]), "x");
  EXPECT_TRUE(json_member(value, "b").is_object());
}

TEST(JsonTest, Member_OutermostOnly_OrNull) {
  const Json value =
      parse(R"({"data": {"event": "inner", "text": "}]\"{"}, "n": 12, "event": "a\"b\nc"})");
  EXPECT_EQ(json_string(json_member(value, "event")), "a\"b\nc");
  EXPECT_EQ(json_string(json_member(json_member(value, "data"), "event")), "inner");
  EXPECT_EQ(json_string(json_member(value, "n")), "") << "a number is no string";
  EXPECT_TRUE(json_member(value, "text").is_null());
  EXPECT_TRUE(json_member(parse("[]"), "data").is_null());
  EXPECT_TRUE(json_member(Json::parse("{\"event\"", nullptr, false), "event").is_null());
}

TEST(JsonTest, Parse_Escapes_AreUndone) {
  EXPECT_EQ(json_string(parse("\"a\\\"\\\\\\/\\n\\t\\u0041\"")), "a\"\\/\n\tA");
  EXPECT_EQ(json_string(parse("\"\\u00e9\\u20ac\\ud83d\\ude00\"")),
            "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST(JsonTest, Parse_Malformed_IsRefused) {
  for (const std::string text :
       {"", "{", "[1,]", "[1 2]", "{1:2}", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "1 2",
        "tru", "1x", "\"\n\"", "[", "{\"a\"}", "\"\\ud83d\"", "\"\xff\"", "1e999"}) {
    EXPECT_THROW(parse(text), Refusal) << text;
  }
}

TEST(JsonTest, Parse_NameTwiceInOneObject_IsRefused) {
  EXPECT_THROW(parse("{\"a\":1,\"a\":2}"), Refusal);
  EXPECT_THROW(parse("[{\"a\":{\"b\":1},\"a\":2}]"), Refusal);
  EXPECT_NO_THROW(parse("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}"));
}

TEST(JsonTest, Parse_NestedDeeply_IsRefused) {
  EXPECT_NO_THROW(parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_THROW(parse(std::string(200, '[') + std::string(200, ']')), Refusal);
  EXPECT_THROW(parse(std::string(1000000, '[')), Refusal);
}

TEST(JsonTest, Refusal_NamesSubjectPlaceAndReason) {
  try {
    parse("[1,\n ?]");
    FAIL();
  } catch (const Refusal &refusal) {
    const std::string text = refusal.what();
    EXPECT_EQ(text.find("error: sample: malformed JSON: parse error at line 2, column 2: "), 0u)
        << text;
    EXPECT_NE(text.find("invalid literal"), std::string::npos) << text;
  }
}

TEST(JsonTest, Text_AndParse_GiveTheSame) {
  const std::string text = "a\"b\\c\n\x01 \xc3\xa9";
  EXPECT_EQ(json_text("a\"\n"), "\"a\\\"\\n\"");
  EXPECT_EQ(json_string(parse(json_text(text))), text);
  EXPECT_EQ(json_text(parse("{ \"b\": [1, 2],\n\"a\": null }")), "{\"b\":[1,2],\"a\":null}");
}

TEST(JsonTest, Text_NoUtf8_IsReplaced) { EXPECT_EQ(json_text("a\xff"), "\"a\xef\xbf\xbd\""); }

}  // namespace
}  // namespace theseus
