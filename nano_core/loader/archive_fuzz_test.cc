// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "nano_core/loader/testing/archive_builder.h"
#include "nano_core/loader/testing/mutation.h"

namespace {

TEST(ArchiveFuzzTest, Mutations_StayInside) {
  using theseus::testing::archive_of;
  theseus::testing::run_mutations(
      {archive_of({}), archive_of({{"a.o", "1234"}}),
       archive_of({{"image.manifest", "a b\n"}, {"a.o", std::string(100, 'x')}, {"b.o", ""}})},
      20000);
}

TEST(ArchiveFuzzTest, Corpus_StaysInside) {
  EXPECT_GT(theseus::testing::run_corpus("nano_core/loader/corpus/archive"), 9u);
}

}  // namespace
