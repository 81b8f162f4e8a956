// SPDX-License-Identifier: MIT
// Each specimen says on its lines what is refused there: `// refused: RULE`. Nothing more and
// nothing less must be found, so a rule that is taken out, or that goes too far, fails a test.
#include "tools/cell_check/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>

namespace cell_check {
namespace {

using Expectation = std::set<std::pair<unsigned, std::string>>;  // line, rule

constexpr char kFolder[] = "tools/cell_check/specimens/";

Request RequestFor(const std::string &file) {
  return {.files = {file},
          .flags = {"--target=x86_64-unknown-none-elf", "-std=c23", "-ffreestanding",
                    "-nostdlibinc", "-iquote", ".", "-Werror=unused-value"},
          .rights = {"mmio"},
          .trusted = {"nano_core/api/"}};
}

Expectation Marked(const std::string &file) {
  constexpr std::string_view mark = "// refused: ";
  Expectation expected;
  std::ifstream source(file);
  std::string line;
  for (unsigned number = 1; std::getline(source, line); number++) {
    const size_t at = line.find(mark);
    if (at != std::string::npos) expected.insert({number, line.substr(at + mark.size())});
  }
  return expected;
}

Expectation Found(const std::string &file) {
  Expectation found;
  for (const cell_ast::Violation &violation : Check(RequestFor(file))) {
    EXPECT_EQ(violation.place.file, file) << ToString(violation);
    found.insert({violation.place.line, violation.rule});
  }
  return found;
}

std::vector<std::string> Specimens() {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(kFolder)) {
    const std::filesystem::path &path = entry.path();
    if (path.extension() == ".c" && path.stem() != "included_header") names.push_back(path.stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class SpecimenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(SpecimenTest, Refused_IsExactlyWhatIsMarked) {
  const std::string file = kFolder + GetParam() + ".c";
  EXPECT_EQ(Found(file), Marked(file));
}

INSTANTIATE_TEST_SUITE_P(All, SpecimenTest, ::testing::ValuesIn(Specimens()),
                         [](const auto &info) { return info.param; });

TEST(CellCheckTest, Header_IncludedByACell_IsCheckedInItsOwnName) {
  const std::vector<cell_ast::Violation> found =
      Check(RequestFor(kFolder + std::string("included_header.c")));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place.file, kFolder + std::string("included/pattern.h"));
  EXPECT_EQ(found[0].rule, "raw-index");
}

TEST(CellCheckTest, Right_Granted_LetsTheHeaderIn) {
  Request request = RequestFor(kFolder + std::string("right.c"));
  request.rights = KnownRights();
  EXPECT_TRUE(Check(request).empty());
}

TEST(CellCheckTest, Recursion_OverTwoFiles_IsFound) {
  Request request = RequestFor(kFolder + std::string("included/ping.c"));
  EXPECT_TRUE(Check(request).empty());
  request.files.push_back(kFolder + std::string("included/pong.c"));
  const std::vector<cell_ast::Violation> found = Check(request);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].rule, "recursion");
  EXPECT_EQ(found[1].rule, "recursion");
}

TEST(CellCheckTest, File_Missing_IsAViolation) {
  const std::vector<cell_ast::Violation> found = Check(RequestFor("no/such/file.c"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].rule, "compile");
}

}  // namespace
}  // namespace cell_check
