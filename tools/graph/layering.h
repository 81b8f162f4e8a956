// SPDX-License-Identifier: MIT
/// @file
/// Places boxes in layers, so that every edge leads down. An edge that crosses a layer has a place
/// of its own in it, so no edge runs through a box. Nothing here knows of cells.
#pragma once
#include <utility>
#include <vector>

namespace theseus {

struct LayeringInput {
  std::vector<int> widths;                 // of the boxes
  std::vector<std::pair<int, int>> edges;  // from and to, without a cycle
  int gap;                                 // between neighbours in a layer
  int layer_width;                         // a layer that would be wider overflows into the next
};

/// Where an edge crosses a layer.
struct Crossing {
  int layer;
  int center;
};

struct Layering {
  int layers = 0;
  int width = 0;
  std::vector<int> layer;                        // of each box; 0 is the top
  std::vector<int> center;                       // of each box, from the left
  std::vector<std::vector<Crossing>> crossings;  // of each edge, downwards
};

/// The same input gives the same result.
Layering arrange(const LayeringInput &input);

}  // namespace theseus
