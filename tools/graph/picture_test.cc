// SPDX-License-Identifier: MIT
#include "tools/graph/picture.h"

#include <gtest/gtest.h>

#include "tools/graph/geometry.h"
#include "tools/graph/layering.h"
#include "tools/graph/testing.h"

namespace theseus {
namespace {

using testing::alarm_image;
using testing::cell;
using testing::find_faults;

// Cells in a chain of `depth` with `width` of them a layer, each importing some of those below.
ImageFacts large_image(size_t depth, size_t width) {
  ImageFacts image;
  const auto name = [](size_t layer, size_t i) {
    return "cell_" + std::to_string(layer) + "_" + std::to_string(i);
  };
  for (size_t layer = 0; layer < depth; layer++) {
    for (size_t i = 0; i < width; i++) {
      std::vector<ImportFact> imports;
      for (size_t below = layer + 1; below < depth; below++) {
        const size_t target = (i * 7 + below * 3) % width;
        if ((i + below) % 2 == 0 || below == layer + 1) {
          imports.push_back({name(below, target), name(below, target) + "_run"});
        }
      }
      image.cells.push_back(cell(name(layer, i), {name(layer, i) + "_run"}, imports));
    }
  }
  return image;
}

std::string drawn(const ImageFacts &image, const Declarations &declarations = {}) {
  return svg(draw(make_graph(image), declarations));
}

const Box &box_named(const Picture &picture, const std::string &name) {
  for (const Box &box : picture.boxes) {
    if (box.name == name) return box;
  }
  ADD_FAILURE() << name << " is not in the picture";
  return picture.boxes[0];
}

TEST(PictureTest, Draw_Small_IsReadable) {
  const ImageFacts image = alarm_image();
  const Picture picture = draw(make_graph(image), {});
  EXPECT_EQ(find_faults(picture), std::vector<std::string>());
  ASSERT_EQ(picture.wires.size(), 2u);
  EXPECT_EQ(picture.wires[0].count.text, "2");
  EXPECT_GT(picture.wires[0].width, picture.wires[1].width);
}

TEST(PictureTest, Draw_Large_IsReadable) {
  for (const size_t depth : {2u, 5u, 9u}) {
    const ImageFacts image = large_image(depth, 9);
    EXPECT_EQ(find_faults(draw(make_graph(image), {})), std::vector<std::string>()) << depth;
  }
}

TEST(PictureTest, Draw_Callers_StandAboveWhatTheyImport) {
  const ImageFacts image = large_image(5, 6);
  const Picture picture = draw(make_graph(image), {});
  for (const Wire &wire : picture.wires) {
    EXPECT_LT(box_named(picture, wire.from).room.bottom(), box_named(picture, wire.to).room.y);
    EXPECT_EQ(wire.points.size() % 2, 0u);
  }
}

TEST(PictureTest, Draw_ClassesSayWhatACellIs) {
  const ImageFacts image = alarm_image();
  const Picture picture = draw(make_graph(image), {});
  EXPECT_EQ(box_named(picture, "clock").classes, "box state rights");
  EXPECT_EQ(box_named(picture, "alarm").classes, "box state named");
  const Box &bell = box_named(picture, "bell");
  EXPECT_EQ(bell.classes, "box");
  ASSERT_EQ(bell.parts.size(), 2u);
  EXPECT_EQ(bell.parts[0].classes, "part");
  EXPECT_EQ(bell.parts[1].name, "bell_quiet");
  EXPECT_EQ(bell.parts[1].classes, "part ready");
}

TEST(PictureTest, Draw_CellWithoutImports_StandsApart) {
  ImageFacts image = alarm_image();
  image.cells.push_back(cell("hermit", {"hermit_think"}, {}));
  const Picture picture = draw(make_graph(image), {});
  EXPECT_EQ(find_faults(picture), std::vector<std::string>());
  EXPECT_GT(box_named(picture, "hermit").room.y, box_named(picture, "clock").room.bottom());
}

TEST(PictureTest, Draw_Cycle_IsDashedWhereItCloses) {
  ImageFacts image = alarm_image();
  image.cells[1].imports.push_back({"alarm", "alarm_set"});
  for (const Declarations &declarations :
       {Declarations(), Declarations({{"cycle", "bell", "alarm", "why"}})}) {
    const Picture picture = draw(make_graph(image), declarations);
    EXPECT_EQ(find_faults(picture), std::vector<std::string>());
    ASSERT_EQ(picture.wires.size(), 3u);
    EXPECT_EQ(picture.wires[2].from, "bell");
    EXPECT_TRUE(picture.wires[2].is_dashed);
    EXPECT_GT(picture.wires[2].points.front().y, picture.wires[2].points.back().y);
    EXPECT_FALSE(picture.wires[0].is_dashed);
  }
}

TEST(PictureTest, Svg_SameImage_IsTheSameFile) {
  EXPECT_EQ(drawn(large_image(5, 9)), drawn(large_image(5, 9)));
}

TEST(PictureTest, Svg_NeedsNothingElseAndEscapes) {
  ImageFacts image = alarm_image();
  image.cells[0].summary = "a < b & \"c\"";
  const std::string text = drawn(image);
  EXPECT_EQ(text.find("<svg xmlns=\"http://www.w3.org/2000/svg\""), 0u);
  EXPECT_EQ(text.find("http", 10), text.rfind("http"));
  EXPECT_EQ(text.find("href"), std::string::npos);
  EXPECT_NE(text.find("a &lt; b &amp; &quot;c&quot;"), std::string::npos);
  EXPECT_NE(text.find("alarm imports of bell:\nbell_ring\nbell_stop"), std::string::npos);
}

TEST(LayeringTest, Arrange_Empty_IsEmpty) {
  const Layering layering = arrange({{}, {}, 10, 100});
  EXPECT_EQ(layering.layers, 0);
}

TEST(LayeringTest, Arrange_LongEdge_CrossesEachLayerBetween) {
  const Layering layering = arrange({{50, 50, 50}, {{0, 1}, {1, 2}, {0, 2}}, 10, 1000});
  EXPECT_EQ(layering.layer, (std::vector<int>{0, 1, 2}));
  EXPECT_TRUE(layering.crossings[0].empty());
  ASSERT_EQ(layering.crossings[2].size(), 1u);
  EXPECT_EQ(layering.crossings[2][0].layer, 1);
  EXPECT_GE(std::abs(layering.crossings[2][0].center - layering.center[1]), 25 + 10);
}

TEST(LayeringTest, Arrange_WideLayer_Overflows) {
  const Layering layering = arrange({{50, 50, 50}, {}, 10, 130});
  EXPECT_EQ(layering.layer, (std::vector<int>{0, 0, 1}));
}

TEST(LayeringTest, Arrange_Swapped_IsUncrossed) {
  const Layering layering = arrange({{50, 50, 50, 50}, {{0, 3}, {1, 2}}, 10, 1000});
  EXPECT_EQ(layering.center[0] < layering.center[1], layering.center[3] < layering.center[2]);
}

}  // namespace
}  // namespace theseus
