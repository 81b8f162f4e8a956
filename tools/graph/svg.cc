// SPDX-License-Identifier: MIT
#include <sstream>

#include "tools/graph/picture.h"

namespace theseus {
namespace {

constexpr char kStyle[] = R"(  <style>
    .panel { fill: #ffffff; }
    .box { fill: #f4f6f8; stroke: #57606a; stroke-width: 1.2; }
    .state { fill: #fff8c5; }
    .rights { stroke: #cf222e; stroke-width: 2.6; }
    .named { stroke-dasharray: 6 3; }
    .core { fill: #eae6f5; stroke: #6639ba; }
    .part { fill: #ffffff; stroke: #0969da; }
    .ready { stroke-dasharray: 3 3; }
    .wire { fill: none; stroke: #0969da; stroke-opacity: 0.75; }
    .cycle { stroke: #cf222e; stroke-dasharray: 7 4; }
    .tip { fill: #0969da; }
    text { fill: #1f2328; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; }
    .title { font-size: 20px; font-weight: bold; }
    .name { font-size: 13px; font-weight: bold; }
    .text { font-size: 11px; }
    .dim { font-size: 11px; fill: #57606a; }
    .count { font-size: 11px; fill: #0550ae; }
    @media (prefers-color-scheme: dark) {
      .panel { fill: #0d1117; }
      .box { fill: #161b22; stroke: #8b949e; }
      .state { fill: #3a2d04; }
      .rights { stroke: #ff7b72; }
      .core { fill: #271d44; stroke: #a371f7; }
      .part { fill: #0d1117; stroke: #58a6ff; }
      .wire { stroke: #58a6ff; }
      .cycle { stroke: #ff7b72; }
      .tip { fill: #58a6ff; }
      text { fill: #e6edf3; }
      .dim { fill: #9ea7b3; }
      .count { fill: #79c0ff; }
    }
  </style>
  <defs>
    <marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9"
            markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0 L10 5 L0 10 z"/>
    </marker>
  </defs>
)";

std::string escaped(const std::string &text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else {
      result += c;
    }
  }
  return result;
}

const char *class_of(Words::Style style) {
  static const char *const kClasses[] = {"name", "dim", "count", "title", "text"};
  return kClasses[style];
}

class Writer {
 public:
  std::string write(const Picture &picture) {
    out_ << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << picture.width << " "
         << picture.height << "\" width=\"" << picture.width << "\" height=\"" << picture.height
         << "\" role=\"img\">\n  <title>Cells and their imports</title>\n"
         << kStyle << "  <rect class=\"panel\" width=\"" << picture.width << "\" height=\""
         << picture.height << "\"/>\n";
    for (const Wire &wire : picture.wires) write_wire(wire);
    for (const Box &box : picture.boxes) write_box(box);
    for (const Wire &wire : picture.wires) write_count(wire.count);
    for (const Words &words : picture.words) write_words(words);
    out_ << "</svg>\n";
    return out_.str();
  }

 private:
  void write_rectangle(const Rectangle &room, const std::string &classes, int radius) {
    out_ << "<rect class=\"" << classes << "\" x=\"" << room.x << "\" y=\"" << room.y
         << "\" width=\"" << room.width << "\" height=\"" << room.height << "\" rx=\"" << radius
         << "\"/>";
  }

  // The base line stands at three quarters of the room's height.
  void write_words(const Words &words) {
    out_ << "  <text class=\"" << class_of(words.style) << "\" x=\"" << words.room.x << "\" y=\""
         << words.room.y + words.room.height * 3 / 4 << "\">" << escaped(words.text) << "</text>\n";
  }

  void write_box(const Box &box) {
    out_ << "  <g>";
    if (!box.tooltip.empty()) out_ << "<title>" << escaped(box.tooltip) << "</title>";
    write_rectangle(box.room, box.classes, 5);
    out_ << "\n";
    for (const Box &part : box.parts) write_box(part);
    for (const Words &words : box.words) write_words(words);
    out_ << "  </g>\n";
  }

  void write_wire(const Wire &wire) {
    out_ << "  <path class=\"wire" << (wire.is_dashed ? " cycle" : "")
         << "\" marker-end=\"url(#tip)\" stroke-width=\"" << wire.width / 10 << "."
         << wire.width % 10 << "\" d=\"M" << wire.points[0].x << " " << wire.points[0].y;
    for (size_t i = 1; i < wire.points.size(); i++) {
      const Point &last = wire.points[i - 1];
      const Point &next = wire.points[i];
      if (i % 2 == 1) {
        out_ << " L" << next.x << " " << next.y;
      } else {
        const int middle = (last.y + next.y) / 2;
        out_ << " C" << last.x << " " << middle << " " << next.x << " " << middle << " " << next.x
             << " " << next.y;
      }
    }
    out_ << "\"><title>" << escaped(wire.tooltip) << "</title></path>\n";
  }

  // On a ground of its own, so that it can be read on its wire.
  void write_count(const Words &count) {
    out_ << "  ";
    write_rectangle(count.room, "panel", 3);
    out_ << "\n";
    write_words(count);
  }

  std::ostringstream out_;
};

}  // namespace

std::string svg(const Picture &picture) { return Writer().write(picture); }

}  // namespace theseus
