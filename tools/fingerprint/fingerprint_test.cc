// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tools/fingerprint/canonical.h"
#include "tools/fingerprint/interface.h"

namespace fingerprint {
namespace {

const std::vector<std::string> kFlags = {"--target=x86_64-unknown-none-elf",
                                         "-std=c23",
                                         "-ffreestanding",
                                         "-nostdlibinc",
                                         "-iquote",
                                         "."};

constexpr char kSample[] = "tools/fingerprint/testdata/sample.h";

std::string ReadFile(const std::string &path) {
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

struct Outcome {
  std::string report;
  std::vector<cell_ast::Violation> violations;

  bool Refuses(const std::string &rule) const {
    for (const cell_ast::Violation &violation : violations) {
      if (violation.rule == rule) return true;
    }
    return false;
  }
};

// What the tool makes of a source with these declarations.
Outcome Describe(const std::string &declarations, Request request = {}) {
  const std::string path = std::string(std::getenv("TEST_TMPDIR")) + "/source.c";
  std::ofstream(path) << "#include \"nano_core/api/cell.h\"\n" << declarations;
  request.files = {{path, /*is_header=*/false}};
  request.flags = kFlags;
  Outcome outcome;
  outcome.report = fingerprint::Describe(request, &outcome.violations);
  return outcome;
}

// The line of the one function that is declared.
std::string Line(const std::string &declarations) {
  const Outcome outcome = Describe(declarations);
  for (const cell_ast::Violation &violation : outcome.violations) {
    ADD_FAILURE() << ToString(violation);
  }
  EXPECT_FALSE(outcome.report.empty());
  return outcome.report;
}

Request SampleRequest() {
  Request request;
  request.files = {{kSample, /*is_header=*/true}};
  request.flags = kFlags;
  request.prefix = "sample";
  request.states = {{"sample_blob", "sample_blob_t", "3"}};
  return request;
}

TEST(FingerprintGoldenTest, Text_Sample_IsAsRecorded) {
  std::vector<cell_ast::Violation> violations;
  Request request = SampleRequest();
  request.text = true;
  EXPECT_EQ(Describe(request, &violations), ReadFile("tools/fingerprint/testdata/sample.text"));
  EXPECT_TRUE(violations.empty());
}

TEST(FingerprintGoldenTest, Lines_Sample_AreAsRecorded) {
  std::vector<cell_ast::Violation> violations;
  EXPECT_EQ(Describe(SampleRequest(), &violations),
            ReadFile("tools/fingerprint/testdata/sample.interface"));
  EXPECT_TRUE(violations.empty());
}

TEST(FingerprintTest, Hash_OfKnownText_IsTheBeginningOfItsSha256) {
  EXPECT_EQ(Hash("abc"), "ba7816bf8f01cfea");
}

// A function over a struct, in which one thing at a time is changed.
struct Variant {
  std::string fields = "uint32_t first; uint32_t second;";
  std::string enumerators = "kFirst = 1, kSecond = 2";
  std::string words = "LENT";
  std::string qualifier = "";
  std::string parameter = "thing";
  std::string tag = "thing";
  std::string function = "f_use";

  std::string Line() const {
    return fingerprint::Line("enum kind { " + enumerators + " };\ntypedef struct " + tag +
                             " { enum kind kind; " + fields + " } thing_t;\n" +
                             "CELL_EXPORT status_t " + function + "(" + words + " " + qualifier +
                             " thing_t *" + parameter + ");\n");
  }
};

TEST(FingerprintPropertyTest, Parameter_Renamed_ChangesNothing) {
  EXPECT_EQ(Variant().Line(), Variant{.parameter = "other"}.Line());
}

TEST(FingerprintPropertyTest, Parameter_ConstByValue_ChangesNothing) {
  EXPECT_EQ(Line("CELL_EXPORT status_t f_a(uint64_t value);"),
            Line("CELL_EXPORT status_t f_a(const uint64_t value);"));
}

TEST(FingerprintPropertyTest, Parameter_ArrayAsPointer_ChangesNothing) {
  EXPECT_EQ(Line("CELL_EXPORT status_t f_a(LENT uint64_t *values);"),
            Line("CELL_EXPORT status_t f_a(LENT uint64_t values[4]);"));
}

TEST(FingerprintPropertyTest, Typedef_OfTheSameLayout_ChangesNothing) {
  EXPECT_EQ(Line("CELL_EXPORT status_t f_a(uint64_t value);"),
            Line("typedef uint64_t mine_t; CELL_EXPORT status_t f_a(mine_t value);"));
}

TEST(FingerprintPropertyTest, Typedef_OfAnotherLayout_Changes) {
  EXPECT_NE(Line("typedef uint64_t mine_t; CELL_EXPORT status_t f_a(mine_t value);"),
            Line("typedef uint32_t mine_t; CELL_EXPORT status_t f_a(mine_t value);"));
}

TEST(FingerprintPropertyTest, Fields_Reordered_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.fields = "uint32_t second; uint32_t first;"}.Line());
}

TEST(FingerprintPropertyTest, Field_Renamed_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.fields = "uint32_t first; uint32_t third;"}.Line());
}

TEST(FingerprintPropertyTest, Field_Resized_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.fields = "uint32_t first; uint64_t second;"}.Line());
}

TEST(FingerprintPropertyTest, Field_Signed_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.fields = "uint32_t first; int32_t second;"}.Line());
}

TEST(FingerprintPropertyTest, Field_Added_Changes) {
  EXPECT_NE(Variant().Line(),
            Variant{.fields = "uint32_t first; uint32_t second; uint32_t third;"}.Line());
}

TEST(FingerprintPropertyTest, EnumValue_Changed_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.enumerators = "kFirst = 1, kSecond = 3"}.Line());
}

TEST(FingerprintPropertyTest, EnumName_Changed_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.enumerators = "kFirst = 1, kThird = 2"}.Line());
}

TEST(FingerprintPropertyTest, OwnershipWord_Changed_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.words = "OUT"}.Line());
  EXPECT_NE(Variant().Line(), Variant{.words = "TAKES"}.Line());
  EXPECT_NE(Variant().Line(), Variant{.words = "OWNED"}.Line());
  EXPECT_NE(Variant().Line(), Variant{.words = ""}.Line());
}

TEST(FingerprintPropertyTest, Const_Added_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.qualifier = "const"}.Line());
}

TEST(FingerprintPropertyTest, Tag_Changed_Changes) {
  EXPECT_NE(Variant().Line(), Variant{.tag = "other"}.Line());
}

TEST(FingerprintPropertyTest, FunctionName_Changed_Changes) {
  const std::string a = Variant().Line();
  const std::string b = Variant{.function = "f_other"}.Line();
  EXPECT_NE(a.substr(a.find(' ')), b.substr(b.find(' ')));
}

TEST(FingerprintPropertyTest, Sealed_OfTheSameCapacity_DoesNotShowItsInside) {
  const auto sealed = [](const std::string &inside) {
    return Line("typedef struct __attribute__((annotate(\"sealed\"))) box { " + inside +
                " uint8_t opaque[32]; } box_t;\nCELL_EXPORT status_t f_a(LENT box_t *box);");
  };
  EXPECT_EQ(sealed("uint64_t tag;"), sealed("uint32_t other[2];"));
}

TEST(FingerprintPropertyTest, Sealed_OfAnotherCapacityOrName_Changes) {
  const auto sealed = [](const std::string &name, const std::string &capacity) {
    return Line("SEALED_DEFINE(" + name + ", " + capacity + ");\nCELL_EXPORT status_t f_a(LENT " +
                name + " *box);");
  };
  EXPECT_NE(sealed("box_t", "32"), sealed("box_t", "48"));
  EXPECT_NE(sealed("box_t", "32"), sealed("case_t", "32"));
}

TEST(FingerprintPropertyTest, Recursion_EndsAndCounts) {
  const auto graph = [](const std::string &field) {
    return Line("struct b; struct a { struct b *to; }; struct b { struct a *back; " + field +
                " };\nCELL_EXPORT status_t f_a(LENT struct a *root);");
  };
  EXPECT_EQ(graph("uint64_t x;"), graph("uint64_t x;"));
  EXPECT_NE(graph("uint64_t x;"), graph("uint64_t y;"));
}

TEST(FingerprintPropertyTest, TypeBehindAPointer_Changed_Changes) {
  EXPECT_NE(Line("struct a { uint64_t x; }; CELL_EXPORT status_t f_a(LENT struct a **root);"),
            Line("struct a { uint32_t x; }; CELL_EXPORT status_t f_a(LENT struct a **root);"));
}

std::string BlobLine(const std::string &fields) {
  Request request;
  request.states = {{"f_blob", "blob_t", "1"}};
  const Outcome outcome = Describe("typedef struct blob { " + fields + " } blob_t;", request);
  EXPECT_TRUE(outcome.violations.empty());
  return outcome.report;
}

TEST(FingerprintStateTest, Blob_FieldRenamed_Changes) {
  EXPECT_NE(BlobLine("monitor_t monitor; uint64_t a;"), BlobLine("monitor_t monitor; uint64_t b;"));
}

TEST(FingerprintStateTest, Blob_Line_HasVersionAndBytes) {
  EXPECT_TRUE(BlobLine("monitor_t monitor; uint64_t a;").ends_with(" 1 24\n"));
}

TEST(FingerprintStateTest, Type_Missing_IsRefused) {
  Request request;
  request.states = {{"f_blob", "nowhere_t", "1"}};
  EXPECT_TRUE(Describe("", request).Refuses("state-type"));
}

TEST(FingerprintStateTest, Type_WithoutMonitor_IsRefused) {
  Request request;
  request.states = {{"f_blob", "blob_t", "1"}};
  EXPECT_TRUE(
      Describe("typedef struct blob { uint64_t a; } blob_t;", request).Refuses("state-type"));
}

// Only what is declared in the named file counts.
TEST(FingerprintScopeTest, Function_OfAnIncludedHeader_IsNotListed) {
  EXPECT_EQ(Line("CELL_EXPORT status_t f_a(void);").find("event_create"), std::string::npos);
}

TEST(FingerprintScopeTest, Function_DeclaredAndDefined_IsListedOnce) {
  const std::string line =
      Line("CELL_EXPORT status_t f_a(void);\nstatus_t f_a(void) { return OK; }");
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(FingerprintScopeTest, Order_IsThatOfTheSource) {
  const std::string lines =
      Line("CELL_EXPORT status_t f_z(void);\nCELL_EXPORT status_t f_a(void);");
  EXPECT_LT(lines.find("f_z"), lines.find("f_a"));
}

TEST(FingerprintRefusalTest, Name_WithoutThePrefix_IsRefused) {
  Request request;
  request.prefix = "keyboard";
  EXPECT_TRUE(Describe("CELL_EXPORT status_t other_peek(void);", request).Refuses("export-name"));
  EXPECT_FALSE(
      Describe("CELL_EXPORT status_t keyboard_peek(void);", request).Refuses("export-name"));
}

TEST(FingerprintRefusalTest, Exports_NotAsListed_AreRefused) {
  Request request;
  request.exports = {"f_a", "f_b"};
  const Outcome outcome =
      Describe("CELL_EXPORT status_t f_a(void);\nCELL_EXPORT status_t f_c(void);", request);
  EXPECT_TRUE(outcome.Refuses("undeclared-export"));
  EXPECT_TRUE(outcome.Refuses("missing-export"));
}

TEST(FingerprintRefusalTest, Violation_NamesItsPlace) {
  const Outcome outcome = Describe("\nCELL_EXPORT int f_a(void);");
  ASSERT_EQ(outcome.violations.size(), 1u);
  EXPECT_EQ(outcome.violations[0].place.line, 3u);
  EXPECT_EQ(outcome.violations[0].place.column, 17u);
}

struct Case {
  const char *name;
  const char *declaration;
  const char *rule;  // empty: it is accepted
};

class ShapeTest : public ::testing::TestWithParam<Case> {};

TEST_P(ShapeTest, Declaration_IsJudged) {
  const Case &given = GetParam();
  const Outcome outcome = Describe(given.declaration);
  if (*given.rule == '\0') {
    EXPECT_TRUE(outcome.violations.empty());
  } else {
    EXPECT_TRUE(outcome.Refuses(given.rule));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Results, ShapeTest,
    ::testing::Values(Case{"Status", "CELL_EXPORT status_t f_a(void);", ""},
                      Case{"SixteenBytes", "CELL_EXPORT u64_result_t f_a(void);", ""},
                      Case{"TwelveByteValue",
                           "struct v { uint32_t x[3]; }; RESULT_DEFINE(v_result_t, struct v);"
                           "CELL_EXPORT v_result_t f_a(void);",
                           ""},
                      Case{"Void", "CELL_EXPORT void f_a(void);", "result-shape"},
                      Case{"Integer", "CELL_EXPORT uint32_t f_a(void);", "result-shape"},
                      Case{"Pointer", "CELL_EXPORT void *f_a(void);", "result-shape"},
                      Case{"StatusLast",
                           "typedef struct r { uint32_t value; status_t status; } r_t;"
                           "CELL_EXPORT r_t f_a(void);",
                           "result-shape"},
                      Case{"ThreeFields",
                           "typedef struct r { status_t status; uint32_t a; uint32_t b; } r_t;"
                           "CELL_EXPORT r_t f_a(void);",
                           "result-shape"},
                      Case{"TooLong",
                           "struct v { uint64_t x[2]; }; RESULT_DEFINE(v_result_t, struct v);"
                           "CELL_EXPORT v_result_t f_a(void);",
                           "result-shape"},
                      Case{"Float",
                           "RESULT_DEFINE(d_result_t, float); CELL_EXPORT d_result_t f_a(void);",
                           "result-shape"},
                      Case{"FunctionPointer",
                           "typedef void (*h_t)(void); RESULT_DEFINE(h_result_t, h_t);"
                           "CELL_EXPORT h_result_t f_a(void);",
                           "result-shape"}),
    [](const auto &info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Arguments, ShapeTest,
    ::testing::Values(
        Case{"SixEightbytes", "CELL_EXPORT status_t f_a(text_t a, text_t b, text_t c);", ""},
        Case{"SevenEightbytes",
             "CELL_EXPORT status_t f_a(text_t a, text_t b, text_t c, uint64_t d);",
             "argument-shape"},
        Case{"LargeAggregate", "struct v { uint64_t x[3]; }; CELL_EXPORT status_t f_a(struct v v);",
             "argument-shape"},
        Case{"LargeAggregateByPointer",
             "struct v { uint64_t x[3]; }; CELL_EXPORT status_t f_a(LENT struct v *v);", ""},
        Case{"Float", "CELL_EXPORT status_t f_a(double d);", "argument-shape"},
        Case{"FloatInAggregate", "struct v { float x; }; CELL_EXPORT status_t f_a(struct v v);",
             "argument-shape"},
        Case{"WideInteger", "CELL_EXPORT status_t f_a(__int128 i);", "argument-shape"},
        Case{"Variable", "CELL_EXPORT status_t f_a(int a, ...);", "argument-shape"},
        Case{"Function", "CELL_EXPORT status_t f_a(void f(void));", "argument-shape"},
        Case{"FunctionPointer", "CELL_EXPORT status_t f_a(void (*f)(void));", "argument-shape"}),
    [](const auto &info) { return info.param.name; });

TEST(ShapeLetterTest, EachKind_HasItsLetter) {
  EXPECT_TRUE(Line("CELL_EXPORT status_t f_a(uint64_t i, LENT void *p, event_t one, text_t two);")
                  .ends_with(" ip12:0@0\n"));
  EXPECT_TRUE(Line("CELL_EXPORT u32_result_t f_a(void);").ends_with(" :4@4\n"));
  EXPECT_TRUE(Line("CELL_EXPORT bool_result_t f_a(void);").ends_with(" :1@4\n"));
}

TEST(DirectTest, Function_OfNanoCore_CountsUnmarkedAndAnswersNothing) {
  Request request;
  request.direct = {"f_enter", "f_wrong"};
  EXPECT_TRUE(Describe("void f_enter(void *p);", request).report.ends_with(" direct\n"));
  EXPECT_TRUE(Describe("int f_wrong(void);", request).Refuses("result-shape"));
}

}  // namespace
}  // namespace fingerprint
