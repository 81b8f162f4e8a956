// SPDX-License-Identifier: MIT
#include "tools/graph/picture.h"

#include <algorithm>

#include "tools/graph/box.h"
#include "tools/graph/layering.h"

namespace theseus {
namespace {

constexpr int kMargin = 24;
constexpr int kBoxGap = 26;
constexpr int kBandGap = 92;    // between two layers
constexpr int kCountZone = 24;  // of it, below the boxes: numbers of functions
constexpr int kArrowZone = 14;  // of it, above the boxes
constexpr int kLayerWidth = 1500;
constexpr int kLegendGap = 28;

class Drawing {
 public:
  Drawing(const Graph &graph, const Declarations &declarations)
      : graph_(graph), declarations_(declarations) {}

  Picture run() {
    select_edges();
    make_boxes();
    const Layering layering = arrange(input());
    picture_.width = std::max(layering.width + 2 * kMargin, kLayerWidth);
    add_head();
    place_boxes(layering);
    add_wires(layering);
    add_loose();
    add_core();
    picture_.height = y_ + kMargin;
    return std::move(picture_);
  }

 private:
  struct Arrow {
    const Edge *edge;
    int upper;  // index of a box
    int lower;
    bool is_dashed;  // it leads up, or is declared to close a cycle
  };

  bool is_declared(const Edge &edge) const {
    return std::any_of(declarations_.begin(), declarations_.end(), [&](const Declaration &line) {
      return line.covers("cycle", edge.from, edge.to);
    });
  }

  // An order in which every undeclared edge that closes no cycle leads forward.
  void visit(const std::string &name) {
    if (!visited_.insert(name).second) return;
    for (const Edge &edge : graph_.imports) {
      if (edge.from == name && !is_declared(edge)) visit(edge.to);
    }
    finished_.push_back(name);
  }

  void select_edges() {
    for (const Edge &edge : graph_.imports) {
      if (edge.from == edge.to || !graph_.slots.contains(edge.to)) continue;
      visit(edge.from);
      edges_.push_back(&edge);
      outgoing_[edge.from].push_back(&edge);
      incoming_[edge.to].push_back(&edge);
    }
    for (const auto &[name, unused] : graph_.slots) {
      if (outgoing_.contains(name) || incoming_.contains(name)) {
        index_[name] = static_cast<int>(index_.size());
      }
    }
  }

  size_t rank(const std::string &name) const {
    return static_cast<size_t>(std::find(finished_.begin(), finished_.end(), name) -
                               finished_.begin());
  }

  Box box_of(const std::string &name) {
    const size_t ports = std::max(outgoing_[name].size(), incoming_[name].size());
    return slot_box(name, graph_.slots.at(name), ports, !incoming_[name].empty());
  }

  void make_boxes() {
    boxes_.resize(index_.size());
    for (const auto &[name, index] : index_) boxes_[static_cast<size_t>(index)] = box_of(name);
    for (const Edge *edge : edges_) {
      const bool leads_down = rank(edge->from) > rank(edge->to);
      const int from = index_.at(edge->from);
      const int to = index_.at(edge->to);
      arrows_.push_back({edge, leads_down ? from : to, leads_down ? to : from,
                         !leads_down || is_declared(*edge)});
    }
  }

  LayeringInput input() const {
    LayeringInput input = {{}, {}, kBoxGap, kLayerWidth - 2 * kMargin};
    for (const Box &box : boxes_) input.widths.push_back(box.room.width);
    for (const Arrow &arrow : arrows_) input.edges.emplace_back(arrow.upper, arrow.lower);
    return input;
  }

  void add_head() {
    size_t objects = 0;
    for (const auto &[unused, slot] : graph_.slots) objects += slot.objects.size();
    y_ = kMargin;
    picture_.words.push_back(
        words_at(kMargin, y_, "Cells of the default image, and what they import", Words::kTitle));
    y_ += 32;
    picture_.words.push_back(words_at(
        kMargin, y_,
        std::to_string(objects) + " cells, " + std::to_string(graph_.slots.size()) +
            " interfaces, " + std::to_string(graph_.imports.size()) +
            " imports of one by another. A wire leads from a cell down to one that it calls; the "
            "number counts the functions.",
        Words::kText));
    y_ += 28;
    add_legend();
  }

  void add_legend() {
    static const std::pair<const char *, const char *> kEntries[] = {
        {"box", "no state"},
        {"box state", "declares state"},
        {"box rights", "touches hardware"},
        {"box named", "nobody imports it: called by name"},
        {"part", "of several objects of an interface: serves"},
        {"part ready", "lies ready for swap"},
    };
    int x = kMargin;
    for (const auto &[classes, text] : kEntries) {
      const Words words = words_at(x + 30, y_ + 2, text, Words::kText);
      picture_.boxes.push_back({text, {x, y_, 22, 18}, classes, "", {}, {}});
      picture_.words.push_back(words);
      x = words.room.right() + kLegendGap;
    }
    y_ += 24;
    picture_.words.push_back(words_at(
        kMargin, y_, "core N: functions of nano_core that it imports. Point at a box for more.",
        Words::kDim));
    y_ += 44;
  }

  void place_boxes(const Layering &layering) {
    std::vector<int> heights(static_cast<size_t>(layering.layers));
    for (size_t i = 0; i < boxes_.size(); i++) {
      int &height = heights[static_cast<size_t>(layering.layer[i])];
      height = std::max(height, boxes_[i].room.height);
    }
    for (const int height : heights) {
      bands_.push_back({0, y_, picture_.width, height});
      y_ += height + kBandGap;
    }
    const int left = (picture_.width - layering.width) / 2;
    for (size_t i = 0; i < boxes_.size(); i++) {
      move_to(boxes_[i], left + layering.center[i] - boxes_[i].room.width / 2, band(i, layering).y);
      picture_.boxes.push_back(boxes_[i]);
    }
    left_ = left;
  }

  const Rectangle &band(size_t box, const Layering &layering) const {
    return bands_[static_cast<size_t>(layering.layer[box])];
  }

  // The places where the wires of a box begin or end, from left to right as their other ends lie.
  std::vector<int> ports(const Layering &layering, bool at_upper) const {
    std::vector<int> places(arrows_.size());
    for (size_t box = 0; box < boxes_.size(); box++) {
      std::vector<std::pair<int, size_t>> here;
      for (size_t i = 0; i < arrows_.size(); i++) {
        const int end = at_upper ? arrows_[i].upper : arrows_[i].lower;
        if (static_cast<size_t>(end) == box) here.emplace_back(next_x(layering, i, at_upper), i);
      }
      std::sort(here.begin(), here.end());
      const int parts = static_cast<int>(here.size()) + 1;
      for (size_t i = 0; i < here.size(); i++) {
        places[here[i].second] =
            boxes_[box].room.x + boxes_[box].room.width * (static_cast<int>(i) + 1) / parts;
      }
    }
    return places;
  }

  int next_x(const Layering &layering, size_t arrow, bool at_upper) const {
    const std::vector<Crossing> &crossings = layering.crossings[arrow];
    if (!crossings.empty()) return (at_upper ? crossings.front() : crossings.back()).center;
    const int other = at_upper ? arrows_[arrow].lower : arrows_[arrow].upper;
    return layering.center[static_cast<size_t>(other)];
  }

  void add_wires(const Layering &layering) {
    const std::vector<int> upper = ports(layering, true);
    const std::vector<int> lower = ports(layering, false);
    for (size_t i = 0; i < arrows_.size(); i++) {
      const Arrow &arrow = arrows_[i];
      const Box &from = boxes_[static_cast<size_t>(arrow.upper)];
      const Box &to = boxes_[static_cast<size_t>(arrow.lower)];
      Wire wire = {arrow.edge->from, arrow.edge->to, {}, 0, arrow.is_dashed, {}, ""};
      const Rectangle &first = band(static_cast<size_t>(arrow.upper), layering);
      wire.points = {{upper[i], from.room.bottom()}, {upper[i], first.bottom() + kCountZone}};
      for (const Crossing &crossing : layering.crossings[i]) {
        const Rectangle &crossed = bands_[static_cast<size_t>(crossing.layer)];
        const int x = left_ + crossing.center;
        wire.points.push_back({x, crossed.y - kArrowZone});
        wire.points.push_back({x, crossed.bottom() + kCountZone});
      }
      wire.points.push_back({lower[i], to.room.y - kArrowZone});
      wire.points.push_back({lower[i], to.room.y});
      add_count(wire, *arrow.edge);
      if (arrow.upper != index_.at(arrow.edge->from)) {
        std::reverse(wire.points.begin(), wire.points.end());
      }
      picture_.wires.push_back(wire);
    }
    y_ -= kBandGap - 40;
  }

  static void add_count(Wire &wire, const Edge &edge) {
    const size_t count = edge.functions.size();
    const Point port = wire.points[0];
    wire.count = words_at(0, port.y + 5, std::to_string(count), Words::kCount);
    wire.count.room.x = port.x - wire.count.room.width / 2;
    wire.width = 10 + 4 * static_cast<int>(std::min<size_t>(count, 8));
    wire.tooltip = edge.from + " imports of " + edge.to + ":";
    for (const std::string &function : edge.functions) wire.tooltip += "\n" + function;
  }

  void add_loose() {
    std::vector<Box> loose;
    for (const auto &[name, unused] : graph_.slots) {
      if (!index_.contains(name)) loose.push_back(box_of(name));
    }
    if (loose.empty()) return;
    picture_.words.push_back(
        words_at(kMargin, y_, "Neither import another cell nor are imported:", Words::kText));
    y_ += 24;
    int x = kMargin;
    int height = 0;
    for (Box &box : loose) {
      if (x > kMargin && x + box.room.width > picture_.width - kMargin) {
        x = kMargin;
        y_ += height + kBoxGap / 2;
        height = 0;
      }
      move_to(box, x, y_);
      x += box.room.width + kBoxGap / 2;
      height = std::max(height, box.room.height);
      picture_.boxes.push_back(box);
    }
    y_ += height + 32;
  }

  void add_core() {
    std::set<std::string> functions;
    size_t users = 0;
    for (const auto &[unused, slot] : graph_.slots) {
      functions.insert(slot.core_functions.begin(), slot.core_functions.end());
      users += slot.core_functions.empty() ? 0 : 1;
    }
    std::string text = std::to_string(functions.size()) + " of its functions are imported, by " +
                       std::to_string(users) + " interfaces. It imports nothing. By name it calls:";
    for (const std::string &function : graph_.core_references) text += " " + function;
    const int width = picture_.width - 2 * kMargin;
    std::vector<Words> lines = {words_at(0, 0, "nano_core", Words::kName)};
    for (const std::string &line : broken(text, static_cast<size_t>(width - 2 * kPadding) / 7)) {
      lines.push_back(words_at(0, 0, line, Words::kDim));
    }
    Box box = text_box("nano_core", lines, "box core", width);
    move_to(box, kMargin, y_);
    picture_.boxes.push_back(box);
    y_ = box.room.bottom();
  }

  const Graph &graph_;
  const Declarations &declarations_;
  Picture picture_;
  std::set<std::string> visited_;
  std::vector<std::string> finished_;
  std::vector<const Edge *> edges_;
  std::map<std::string, std::vector<const Edge *>> outgoing_;
  std::map<std::string, std::vector<const Edge *>> incoming_;
  std::map<std::string, int> index_;
  std::vector<Box> boxes_;
  std::vector<Arrow> arrows_;
  std::vector<Rectangle> bands_;
  int left_ = 0;
  int y_ = 0;
};

}  // namespace

Picture draw(const Graph &graph, const Declarations &declarations) {
  return Drawing(graph, declarations).run();
}

}  // namespace theseus
