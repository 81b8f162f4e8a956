// SPDX-License-Identifier: MIT
// 5,000 mutants of each of three real cells: each is refused with a reason or loaded rightly, and
// the object itself still loads afterwards.
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "nano_core/loader/testing/guarded_load.h"
#include "nano_core/loader/testing/object_mutant.h"

namespace {

using theseus::testing::kMutantKinds;
using theseus::testing::load_guarded;
using theseus::testing::LoadResult;
using theseus::testing::mutant_kind_name;
using theseus::testing::MutantKind;
using theseus::testing::object_mutant;

constexpr uint64_t kMutants = 5000;

// A trap in the loader ends the program; this says which mutant it was.
std::array<char, 128> current;

extern "C" void on_trap(int signal) {
  std::fprintf(stderr, "the loader trapped on %s\n", current.data());
  std::_Exit(128 + signal);
}

std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// What the loader's sentence speaks of: what comes before a name or a number.
std::string subject_of(const std::string &reason) {
  static const char *const kSubjects[] = {"the file is too short",
                                          "the file ",
                                          "the object has no sections",
                                          "the section table",
                                          "the first section",
                                          "section number ",
                                          "the names of the sections",
                                          "section ",
                                          "there is no ",
                                          "manifest line ",
                                          "the manifest ",
                                          "the symbol table",
                                          "there are more",
                                          "the name of symbol",
                                          "symbol ",
                                          "export ",
                                          "a relocation names",
                                          "a reference to ",
                                          "the hash of "};
  for (const char *subject : kSubjects) {
    if (reason.starts_with(subject)) return subject;
  }
  return "another: " + reason;
}

// No two cells are damaged in the same places.
uint64_t first_seed_of(const std::string &cell) { return cell.size() * kMutants; }

struct Tally {
  std::array<uint64_t, kMutantKinds> loaded = {};
  std::array<uint64_t, kMutantKinds> refused = {};
  std::map<std::string, uint64_t> subjects;
};

void print(const std::string &cell, const Tally &tally) {
  std::printf("%-16s %-12s %8s %8s\n", "CELL", "KIND", "REFUSED", "LOADED");
  for (size_t i = 0; i < kMutantKinds; i++) {
    std::printf("%-16s %-12s %8llu %8llu\n", cell.c_str(),
                mutant_kind_name(static_cast<MutantKind>(i)),
                static_cast<unsigned long long>(tally.refused[i]),
                static_cast<unsigned long long>(tally.loaded[i]));
  }
  for (const auto &[subject, count] : tally.subjects) {
    std::printf("%-16s refused: %-28s %6llu\n", cell.c_str(), subject.c_str(),
                static_cast<unsigned long long>(count));
  }
}

class ObjectMutantTest : public ::testing::TestWithParam<const char *> {};

TEST_P(ObjectMutantTest, Load_Mutants_AreRefusedWithAReasonOrLoadedRightly) {
  const std::string cell = GetParam();
  const std::string object = read_file("cells/" + cell + "/" + cell + ".o");
  ASSERT_TRUE(load_guarded(object).loaded) << load_guarded(object).reason;
  std::signal(SIGILL, on_trap);
  Tally tally;
  for (uint64_t i = 0; i < kMutants; i++) {
    const size_t index = i % kMutantKinds;
    const auto kind = static_cast<MutantKind>(index);
    std::snprintf(current.data(), current.size(), "%s: kind %s, seed %llu", cell.c_str(),
                  mutant_kind_name(kind), static_cast<unsigned long long>(i));
    const LoadResult result = load_guarded(object_mutant(object, kind, i + first_seed_of(cell)));
    ASSERT_EQ(result.defect, "") << current.data() << " " << result.reason;
    ASSERT_EQ(result.loaded, result.reason.empty()) << current.data();
    (result.loaded ? tally.loaded : tally.refused)[index]++;
    if (!result.loaded) tally.subjects[subject_of(result.reason)]++;
  }
  print(cell, tally);
  const LoadResult again = load_guarded(object);
  EXPECT_TRUE(again.loaded && again.defect.empty()) << again.reason << again.defect;
}

// The generator does its work: each kind makes files that are refused, and nearly none makes the
// file that it was given.
TEST_P(ObjectMutantTest, Mutant_EachKind_Differs) {
  const std::string cell = GetParam();
  const std::string object = read_file("cells/" + cell + "/" + cell + ".o");
  for (size_t kind = 0; kind < kMutantKinds; kind++) {
    uint64_t same = 0;
    uint64_t refused = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
      const std::string mutant = object_mutant(object, static_cast<MutantKind>(kind), seed);
      same += mutant == object;
      refused += !load_guarded(mutant).loaded;
      ASSERT_EQ(mutant, object_mutant(object, static_cast<MutantKind>(kind), seed));
    }
    EXPECT_LT(same, 10u) << mutant_kind_name(static_cast<MutantKind>(kind));
    EXPECT_GT(refused, 0u) << mutant_kind_name(static_cast<MutantKind>(kind));
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, ObjectMutantTest,
                         ::testing::Values("keyboard", "frame_allocator", "shell"),
                         [](const auto &parameter) { return std::string(parameter.param); });

}  // namespace
