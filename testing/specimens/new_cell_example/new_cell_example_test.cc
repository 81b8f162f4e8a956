// SPDX-License-Identifier: MIT
#include "testing/specimens/new_cell_example/new_cell_example.h"

#include <gtest/gtest.h>

namespace {

TEST(NewCellExampleTest, Double_Number_IsTwiceAsMuch) {
  const u64_result_t result = new_cell_example_double(21);
  EXPECT_TRUE(status_is_ok(result.status));
  EXPECT_EQ(result.value, 42u);
}

TEST(NewCellExampleTest, Double_TooLarge_IsOutOfRange) {
  const u64_result_t result = new_cell_example_double(UINT64_MAX);
  EXPECT_TRUE(status_is(result.status, STATUS_OUT_OF_RANGE));
}

// Fails on purpose, so that nobody takes the example for the cell.
TEST(NewCellExampleTest, Cell_Example_IsReplaced) {
  FAIL() << "testing/specimens/new_cell_example is still the example. Make it yours:\n"
            "  1. say in the header what it promises: functions, errors, what it remembers;\n"
            "  2. write the tests of these promises here, in place of this one;\n"
            "  3. write the code, and list its functions in `exports` in BUILD.bazel;\n"
            "  4. say in README.md what it is for.\n"
            "docs/book/writing_a_cell.md goes through all of it.";
}

}  // namespace
