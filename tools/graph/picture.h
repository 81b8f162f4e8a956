// SPDX-License-Identifier: MIT
/// @file
/// The graph as a picture: boxes, wires and words with their places, and the SVG file of them.
#pragma once
#include <string>
#include <vector>

#include "tools/graph/graph.h"

namespace theseus {

struct Rectangle {
  int x;
  int y;
  int width;
  int height;

  int right() const { return x + width; }
  int bottom() const { return y + height; }
};

/// A line of words and the room that it takes.
struct Words {
  enum Style { kName, kDim, kCount, kTitle, kText };

  Rectangle room;
  std::string text;
  Style style;
};

struct Box {
  std::string name;
  Rectangle room;
  std::string classes;  // of the SVG's style sheet
  std::string tooltip;
  std::vector<Words> words;
  std::vector<Box> parts;  // inside of the box
};

struct Point {
  int x;
  int y;
};

/// Points alternate: a straight line from an even one to the next, a curve from there.
struct Wire {
  std::string from;
  std::string to;
  std::vector<Point> points;
  int width;  // tenths of a unit
  bool is_dashed;
  Words count;
  std::string tooltip;
};

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<Words> words;
  std::vector<Box> boxes;
  std::vector<Wire> wires;
};

/// Lays out the graph: callers above what they import; slots without imports in a frame of their
/// own; nano_core below all. Edges that are declared as cycles lead up, dashed.
Picture draw(const Graph &graph, const Declarations &declarations);

/// The picture as an SVG file that needs nothing else. The same picture gives the same bytes.
std::string svg(const Picture &picture);

}  // namespace theseus
