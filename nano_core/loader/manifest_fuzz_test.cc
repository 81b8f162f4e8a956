// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/mutation.h"

namespace {

TEST(ManifestFuzzTest, Mutations_StayInside) {
  std::string bare = theseus::testing::sample_manifest();
  const size_t from = bare.find("right mmio");
  bare.erase(from, bare.find("end\n") - from);
  theseus::testing::run_mutations({theseus::testing::sample_manifest(), bare}, 20000);
}

TEST(ManifestFuzzTest, Corpus_StaysInside) {
  EXPECT_GT(theseus::testing::run_corpus("nano_core/loader/corpus/manifest"), 9u);
}

}  // namespace
