// SPDX-License-Identifier: MIT
#include "tools/graph/box.h"

#include <algorithm>
#include <sstream>

namespace theseus {
namespace {

constexpr int kPartHeight = 20;
constexpr int kPartGap = 3;

struct Font {
  int character_width;
  int height;
};

Font font_of(Words::Style style) {
  switch (style) {
    case Words::kTitle:
      return {13, 26};
    case Words::kName:
      return {8, 17};
    case Words::kCount:
      return {7, 12};
    default:
      return {7, 15};
  }
}

void shift(Rectangle &room, int x, int y) {
  room.x += x;
  room.y += y;
}

void shift(Box &box, int x, int y) {
  shift(box.room, x, y);
  for (Words &words : box.words) shift(words.room, x, y);
  for (Box &part : box.parts) shift(part, x, y);
}

std::string joined(const std::vector<std::string> &words) {
  std::string text;
  for (const std::string &word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string tooltip_of(const Slot &slot) {
  std::string text;
  for (const CellFacts *object : slot.objects) {
    text += object->object + ": " + object->summary + "\n";
    if (!object->rights.empty()) text += "hardware: " + joined(object->rights) + "\n";
    for (const StateFact &state : object->states) {
      text += "state: " + state.name + ", " + bytes_text(state.bytes) + "\n";
    }
  }
  text += "clients: " + joined(slot.objects[0]->clients);
  return text;
}

std::string facts_of(const Slot &slot) {
  std::map<std::string, uint64_t> states;
  for (const CellFacts *object : slot.objects) {
    for (const StateFact &state : object->states) states[state.name] = state.bytes;
  }
  uint64_t bytes = 0;
  for (const auto &[unused, size] : states) bytes += size;
  std::string text = "core " + std::to_string(slot.core_functions.size());
  if (!states.empty()) text += ", state " + bytes_text(bytes);
  return text;
}

std::string classes_of(const Slot &slot, bool is_imported) {
  const auto any = [&slot](auto member) {
    return std::any_of(slot.objects.begin(), slot.objects.end(),
                       [member](const CellFacts *object) { return !(object->*member).empty(); });
  };
  return std::string("box") + (any(&CellFacts::states) ? " state" : "") +
         (any(&CellFacts::rights) ? " rights" : "") + (is_imported ? "" : " named");
}

void add_parts(Box &box, const Slot &slot) {
  bool serves = true;
  for (const CellFacts *object : slot.objects) {
    Box part;
    part.name = object->object;
    part.classes = serves ? "part" : "part ready";
    part.words = {words_at(kPadding + 6, box.room.height + 3, object->object, Words::kDim)};
    part.room = {kPadding, box.room.height, part.words[0].room.width + 12, kPartHeight};
    box.room.height += kPartHeight + kPartGap;
    box.room.width = std::max(box.room.width, part.room.width + 2 * kPadding);
    box.parts.push_back(part);
    serves = false;
  }
  box.room.height += kPadding - kPartGap;
}

}  // namespace

Words words_at(int x, int y, const std::string &text, Words::Style style) {
  const Font font = font_of(style);
  const int width = font.character_width * static_cast<int>(text.size());
  return {{x, y, width, font.height}, text, style};
}

Box slot_box(const std::string &name, const Slot &slot, size_t ports, bool is_imported) {
  const std::vector<Words> lines = {words_at(0, 0, name, Words::kName),
                                    words_at(0, 0, facts_of(slot), Words::kDim)};
  const int port_width = kPortGap * (static_cast<int>(ports) + 1);
  Box box = text_box(name, lines, classes_of(slot, is_imported), port_width);
  box.tooltip = tooltip_of(slot);
  if (slot.objects.size() > 1) add_parts(box, slot);
  for (Box &part : box.parts) part.room.width = box.room.width - 2 * kPadding;
  return box;
}

Box text_box(const std::string &name, const std::vector<Words> &lines, const std::string &classes,
             int width) {
  Box box = {name, {0, 0, width, kPadding}, classes, "", lines, {}};
  for (Words &line : box.words) {
    shift(line.room, kPadding, box.room.height);
    box.room.height += line.room.height;
    box.room.width = std::max(box.room.width, line.room.width + 2 * kPadding);
  }
  box.room.height += kPadding;
  return box;
}

void move_to(Box &box, int x, int y) { shift(box, x - box.room.x, y - box.room.y); }

std::vector<std::string> broken(const std::string &text, size_t characters) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.empty() && lines.back().size() + 1 + word.size() <= characters) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string bytes_text(uint64_t bytes) {
  constexpr uint64_t kKibibyte = 1024;
  if (bytes < kKibibyte) return std::to_string(bytes) + " B";
  return std::to_string((bytes + kKibibyte - 1) / kKibibyte) + " KiB";
}

}  // namespace theseus
