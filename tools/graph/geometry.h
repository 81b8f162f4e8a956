// SPDX-License-Identifier: MIT
/// @file
/// What makes a picture hard to read, found by its geometry; for tests.
#pragma once
#include <string>
#include <vector>

#include "tools/graph/picture.h"

namespace theseus::testing {

inline bool overlap(const Rectangle &a, const Rectangle &b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

inline bool holds(const Rectangle &outer, const Rectangle &inner) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
         inner.bottom() <= outer.bottom();
}

/// Points along a wire, the curves of the SVG file included.
inline std::vector<Point> samples(const Wire &wire) {
  constexpr int kSteps = 64;
  std::vector<Point> points;
  for (size_t i = 1; i < wire.points.size(); i++) {
    const Point &a = wire.points[i - 1];
    const Point &b = wire.points[i];
    for (int step = 0; step <= kSteps; step++) {
      const double t = static_cast<double>(step) / kSteps;
      const bool is_straight = i % 2 == 1;
      const double x_part = is_straight ? t : t * t * (3 - 2 * t);
      const double y_part = is_straight ? t : 1.5 * t * (1 - t) + t * t * t;
      points.push_back({a.x + static_cast<int>(x_part * (b.x - a.x)),
                        a.y + static_cast<int>(y_part * (b.y - a.y))});
    }
  }
  return points;
}

inline void find_in_box(const Box &box, std::vector<std::string> &faults) {
  for (const Words &words : box.words) {
    if (!holds(box.room, words.room)) faults.push_back(words.text + " leaves its box " + box.name);
    for (const Box &part : box.parts) {
      if (overlap(part.room, words.room)) faults.push_back(words.text + " lies on " + part.name);
    }
  }
  for (const Box &part : box.parts) {
    if (!holds(box.room, part.room)) faults.push_back(part.name + " leaves its box " + box.name);
    find_in_box(part, faults);
  }
}

inline void find_between_boxes(const Picture &picture, std::vector<std::string> &faults) {
  const Rectangle all = {0, 0, picture.width, picture.height};
  for (size_t i = 0; i < picture.boxes.size(); i++) {
    const Box &box = picture.boxes[i];
    if (!holds(all, box.room)) faults.push_back(box.name + " leaves the picture");
    for (size_t j = i + 1; j < picture.boxes.size(); j++) {
      if (overlap(box.room, picture.boxes[j].room)) {
        faults.push_back(box.name + " lies on " + picture.boxes[j].name);
      }
    }
    find_in_box(box, faults);
  }
}

inline void find_words(const Picture &picture, std::vector<std::string> &faults) {
  std::vector<Words> all = picture.words;
  for (const Wire &wire : picture.wires) all.push_back(wire.count);
  const Rectangle frame = {0, 0, picture.width, picture.height};
  for (size_t i = 0; i < all.size(); i++) {
    if (!holds(frame, all[i].room)) faults.push_back(all[i].text + " leaves the picture");
    for (size_t j = i + 1; j < all.size(); j++) {
      if (overlap(all[i].room, all[j].room)) {
        faults.push_back(all[i].text + " lies on " + all[j].text);
      }
    }
    for (const Box &box : picture.boxes) {
      if (overlap(all[i].room, box.room)) faults.push_back(all[i].text + " lies on " + box.name);
    }
  }
}

inline void find_wires(const Picture &picture, std::vector<std::string> &faults) {
  for (const Wire &wire : picture.wires) {
    for (const Point &point : samples(wire)) {
      const Rectangle dot = {point.x, point.y, 1, 1};
      for (const Box &box : picture.boxes) {
        if (box.name == wire.from || box.name == wire.to || !overlap(dot, box.room)) continue;
        faults.push_back("the wire " + wire.from + " " + wire.to + " runs through " + box.name);
      }
      for (const Wire &other : picture.wires) {
        if (&other == &wire || !overlap(dot, other.count.room)) continue;
        faults.push_back("the wire " + wire.from + " " + wire.to + " runs through the number of " +
                         other.from + " " + other.to);
      }
    }
  }
}

/// Nothing overlaps, nothing leaves its place, no wire runs through a box or a number of another.
inline std::vector<std::string> find_faults(const Picture &picture) {
  std::vector<std::string> faults;
  find_between_boxes(picture, faults);
  find_words(picture, faults);
  find_wires(picture, faults);
  return faults;
}

}  // namespace theseus::testing
