// SPDX-License-Identifier: MIT
// Each seeded bug is found, in few schedules, and its seed finds it again.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

#include <sys/wait.h>

namespace {

struct Outcome {
  int exit = -1;
  std::string output;
};

// Runs a program of this folder, all its output in one.
Outcome RunSpecimen(const std::string &environment, const std::string &line) {
  Outcome outcome;
  const std::string command = "env " + environment + " testing/interleave/" + line + " 2>&1";
  FILE *pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4096> text;
  size_t length = 0;
  while ((length = fread(text.data(), 1, text.size(), pipe)) > 0) {
    outcome.output.append(text.data(), length);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit = WEXITSTATUS(status);
  return outcome;
}

Outcome RunSpecimen(const std::string &line) { return RunSpecimen("", line); }

bool Has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

// What stands behind `start` up to a blank or the line's end.
std::string WordAfter(const std::string &text, const std::string &start) {
  const size_t at = text.find(start);
  if (at == std::string::npos) return "";
  const size_t begin = at + start.size();
  return text.substr(begin, text.find_first_of(" \n:", begin) - begin);
}

// The trace: everything from the first point on.
std::string Trace(const std::string &output) {
  const size_t at = output.find("point by point:");
  const size_t end = output.find(": replayed");
  return at == std::string::npos ? ""
                                 : output.substr(at, end == std::string::npos ? end : end - at);
}

std::string FirstLines(const std::string &text) { return text.substr(0, text.rfind("FAILS")); }

// Finds the bug from ten places to begin at, each time within `schedules`.
void ExpectFound(const std::string &specimen, int schedules, const std::string &message) {
  for (int start = 1; start <= 100001; start += 10000) {
    const Outcome found = RunSpecimen(specimen + " --seed " + std::to_string(start) +
                                      " --schedules " + std::to_string(schedules));
    EXPECT_EQ(found.exit, 1) << found.output;
    EXPECT_TRUE(Has(found.output, message)) << found.output;
    EXPECT_TRUE(Has(found.output, ": replayed;")) << found.output;
    const std::string seed = WordAfter(found.output, "once more: --seed ");
    ASSERT_FALSE(seed.empty());
    const Outcome again = RunSpecimen(specimen + " --seed " + seed);
    EXPECT_EQ(again.exit, 1);
    EXPECT_TRUE(Has(again.output, message)) << again.output;
    EXPECT_EQ(FirstLines(Trace(again.output)), FirstLines(Trace(found.output)));
  }
}

TEST(SpecimensTest, UnguardedPool_Schedules_FindTwoOwners) {
  ExpectFound("unguarded_pool", 2000, "has two owners");
}

TEST(SpecimensTest, CheckThenAct_Schedules_FindOneTooMany) {
  ExpectFound("check_then_act", 500, "more tokens are taken than there are");
}

TEST(SpecimensTest, LostWakeUp_Schedules_FindTheOneWhoWaits) {
  ExpectFound("lost_wake_up", 500, "waits for an event");
}

TEST(SpecimensTest, UnguardedPool_Threads_AreReported) {
  const Outcome outcome = RunSpecimen(
      "TSAN_OPTIONS=external_symbolizer_path=external/llvm/bin/llvm-symbolizer:halt_on_error=1",
      "unguarded_pool_threads");
  EXPECT_EQ(outcome.exit, 66) << outcome.output;
  EXPECT_TRUE(Has(outcome.output, "WARNING: ThreadSanitizer: data race")) << outcome.output;
  EXPECT_TRUE(Has(outcome.output, "unguarded_pool.cc:")) << outcome.output;
}

// What is misused, and what is said about it.
struct Misuse {
  const char *kind;
  const char *message;
};

class MisuseTest : public ::testing::TestWithParam<Misuse> {};

TEST_P(MisuseTest, Schedules_AFew_TellIt) {
  const Outcome outcome =
      RunSpecimen(std::string("MISUSE=") + GetParam().kind, "misuse --schedules 500");
  EXPECT_EQ(outcome.exit, 1) << outcome.output;
  EXPECT_TRUE(Has(outcome.output, GetParam().message)) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, MisuseTest,
    ::testing::Values(Misuse{"call", "calls another_cell in a monitor"},
                      Misuse{"keep", "in the monitor of misused"},
                      Misuse{"twice", "enters the monitor of misused, in which its own"},
                      Misuse{"exit", "leaves the monitor of misused, which it is not in"},
                      Misuse{"store", "stores to misused+0x10 outside of every monitor"},
                      Misuse{"stray", "stored to misused, but not by state_set"},
                      Misuse{"trap", "a cell traps"}, Misuse{"deadlock", "nobody can go on"},
                      Misuse{"endless", "the schedule does not end"},
                      Misuse{"interrupt", "an interrupt handler enters the monitor of misused"}),
    [](const ::testing::TestParamInfo<Misuse> &info) { return std::string(info.param.kind); });

TEST(MisuseTest, Schedules_NoMisuse_Hold) {
  const Outcome outcome = RunSpecimen("misuse --schedules 500");
  EXPECT_EQ(outcome.exit, 0) << outcome.output;
  EXPECT_TRUE(Has(outcome.output, "500 schedules")) << outcome.output;
  EXPECT_TRUE(Has(outcome.output, "0 failures")) << outcome.output;
}

TEST(CommandLineTest, Words_Unknown_AreRefused) {
  for (const char *line : {"misuse --schedules", "misuse --schedules x", "misuse --seed -1",
                           "misuse --what 1", "misuse --schedules 0"}) {
    const Outcome outcome = RunSpecimen(line);
    EXPECT_EQ(outcome.exit, 2) << line;
    EXPECT_TRUE(Has(outcome.output, "usage:")) << line;
  }
}

}  // namespace
