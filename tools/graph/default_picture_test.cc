// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tools/graph/geometry.h"
#include "tools/graph/picture.h"
#include "tools/image_facts/image_facts.h"

namespace theseus {
namespace {

TEST(DefaultPictureTest, Draw_DefaultImage_IsReadable) {
  const ImageFacts image = read_image("image");
  const Picture picture = draw(make_graph(image), {});
  EXPECT_EQ(testing::find_faults(picture), std::vector<std::string>());
  EXPECT_GT(picture.boxes.size(), image.cells.size());
}

}  // namespace
}  // namespace theseus
