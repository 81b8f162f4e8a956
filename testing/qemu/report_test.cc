// SPDX-License-Identifier: MIT
#include "testing/qemu/report.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "testing/qemu/junit.h"
#include "testing/qemu/output_check.h"
#include "testing/qemu/tap.h"

namespace qemu {
namespace {

using State = Check::State;

Report Tap(std::initializer_list<const char *> lines) {
  Report report;
  TapReader reader;
  for (const char *line : lines) reader.Read(line, &report);
  reader.Finish(&report);
  return report;
}

TEST(TapTest, Read_FullPlan_Passes) {
  const Report report =
      Tap({"1..3", "ok 1 - one", "noise", "[cell] ok 2 - two", "ok 3 # SKIP why"});
  EXPECT_EQ(report.checks().size(), 3u);
  EXPECT_EQ(report.Count(State::kPassed), 2u);
  EXPECT_EQ(report.Count(State::kSkipped), 1u);
  EXPECT_EQ(report.checks()[0].name, "tap 1 - one");
}

TEST(TapTest, Read_NotOk_Fails) {
  EXPECT_TRUE(Tap({"1..1", "not ok 1 - one"}).failed());
  EXPECT_TRUE(Tap({"1..1", "[cell] not ok 1 - one"}).failed());
  EXPECT_FALSE(Tap({"1..1", "not ok 1 - one # TODO later"}).failed());
  EXPECT_TRUE(Tap({"1..1", "ok 1", "Bail out! no memory"}).failed());
}

TEST(TapTest, Finish_ResultsMissing_Fails) {
  EXPECT_TRUE(Tap({}).failed());
  EXPECT_TRUE(Tap({"1..2", "ok 1"}).failed());
  EXPECT_TRUE(Tap({"ok 1"}).failed());
  EXPECT_FALSE(Tap({"1..1", "ok 1", "1..1", "ok 1"}).failed());
}

TEST(TapTest, Read_OtherWords_AreNoResults) {
  EXPECT_EQ(Tap({"1..1", "ok 1", "okay", "not okay", "okra 2"}).checks().size(), 1u);
}

TEST(JunitTest, JunitXml_CountsAndEscapes) {
  Report report;
  report.Add({"a <&> \"b\"", State::kPassed, "", 0.5});
  report.Add({"c", State::kFailed, "seen:\n\x1b[1m", 1});
  report.Add({"d", State::kSkipped, "gone", 0});
  const std::string xml = JunitXml(report, "//x:y", "o<\xff");
  EXPECT_NE(xml.find("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"1.500\""),
            std::string::npos);
  EXPECT_NE(xml.find("a &lt;&amp;&gt; &quot;b&quot;"), std::string::npos);
  EXPECT_NE(xml.find("<failure message=\"seen:&#10;?[1m\"/>"), std::string::npos);
  EXPECT_NE(xml.find("<skipped message=\"gone\"/>"), std::string::npos);
  EXPECT_NE(xml.find("<system-out>o&lt;?</system-out>"), std::string::npos);
}

TEST(JunitTest, WriteFile_BadPath_IsNamed) {
  EXPECT_NE(WriteFile("/nonexistent/x.xml", "").find("/nonexistent/x.xml"), std::string::npos);
}

Problem Judge(Step::Kind kind, const std::string &text, std::string_view output) {
  Step step;
  step.kind = kind;
  step.text = text;
  return CheckOutput(step, output);
}

TEST(OutputCheckTest, CheckOutput_Expect_LooksForText) {
  EXPECT_EQ(Judge(Step::Kind::kExpect, "b c", "a\nb cd\n= ok\n"), "");
  EXPECT_EQ(Judge(Step::Kind::kExpectNot, "x", "a\n"), "");
  EXPECT_NE(Judge(Step::Kind::kExpectNot, "a", "a\n"), "");
}

TEST(OutputCheckTest, CheckOutput_Match_IsPerLine) {
  EXPECT_EQ(Judge(Step::Kind::kMatch, "^b[0-9]+$", "a\nb12\nc\n"), "");
  EXPECT_NE(Judge(Step::Kind::kMatch, "^a.b", "a\nb"), "");
}

TEST(OutputCheckTest, CheckOutput_Failed_ShowsBothSides) {
  const Problem problem = Judge(Step::Kind::kExpect, "wanted", "line one\nline two\n");
  EXPECT_NE(problem.find("'wanted'"), std::string::npos);
  EXPECT_NE(problem.find("line one\n    line two"), std::string::npos);
  EXPECT_NE(Judge(Step::Kind::kExpect, "x", "").find("nothing"), std::string::npos);
}

}  // namespace
}  // namespace qemu
