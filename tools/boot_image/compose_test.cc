// SPDX-License-Identifier: MIT
#include "tools/boot_image/compose.h"

#include <gtest/gtest.h>

namespace boot_image {
namespace {

Image Of(const std::string &text, const std::vector<std::string> &cells) {
  return Compose("a.cells", text, "//:image", cells);
}

TEST(ComposeTest, Manifest_OfAllCells_KeepsItsOrderAndReasons) {
  const Image image = Of("# the system\n\nlog   what cells say\n  heap\tmemory\n", {"heap", "log"});
  EXPECT_TRUE(image.errors.empty());
  EXPECT_EQ(image.cells, (std::vector<std::string>{"log", "heap"}));
  EXPECT_EQ(image.manifest, "log what cells say\nheap memory\n");
}

TEST(ComposeTest, Line_OfAnUnknownCell_IsNamed) {
  const Image image = Of("log a\nheap b\n", {"log"});
  EXPECT_EQ(image.errors, std::vector<std::string>{"a.cells:2:1: error: image-manifest: 'heap' is "
                                                   "not among the cells of //:image"});
}

TEST(ComposeTest, Cell_WithoutLine_IsNamed) {
  const Image image = Of("log a\n", {"log", "heap"});
  EXPECT_EQ(image.errors,
            std::vector<std::string>{"a.cells:1:1: error: image-manifest: 'heap' is among the "
                                     "cells of //:image, but no line names it"});
}

TEST(ComposeTest, Line_Twice_IsNamedWithTheFirst) {
  const Image image = Of("log a\nlog b\n", {"log"});
  EXPECT_EQ(image.errors, std::vector<std::string>{"a.cells:2:1: error: image-manifest: 'log' "
                                                   "stands in line 1 already"});
}

TEST(ComposeTest, Line_WithoutReason_IsNamed) {
  const Image image = Of("log  \n", {});
  EXPECT_EQ(image.errors, std::vector<std::string>{"a.cells:1:1: error: image-manifest: a reason "
                                                   "is wanted behind 'log'"});
}

}  // namespace
}  // namespace boot_image
