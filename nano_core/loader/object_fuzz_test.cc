// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "nano_core/loader/testing/elf_builder.h"
#include "nano_core/loader/testing/mutation.h"

namespace {

using theseus::testing::sample;

TEST(ObjectFuzzTest, Mutations_StayInside) {
  // A second seed whose tables fill most of the file, so that mutations meet them.
  theseus::testing::ElfBuilder tables = sample();
  for (int i = 0; i < 40; i++) {
    tables.relocation(".text", {48, kElfRelocationPlt32, "event_signal", -4});
  }
  theseus::testing::run_mutations({sample().build().bytes(), tables.build().bytes()}, 10000);
}

TEST(ObjectFuzzTest, Corpus_StaysInside) {
  EXPECT_GT(theseus::testing::run_corpus("nano_core/loader/corpus/object"), 9u);
}

}  // namespace
