// SPDX-License-Identifier: MIT
/// @file
/// A small image for tests: `alarm` imports `clock` and the interface `bell`, which two objects
/// implement; `clock` calls `alarm` by name, and nano_core `clock`.
#pragma once
#include <string>
#include <vector>

#include "tools/graph/intent.h"
#include "tools/image_facts/image_facts.h"

namespace theseus::testing {

inline CellFacts cell(const std::string &name, const std::vector<std::string> &exports,
                      const std::vector<ImportFact> &imports) {
  CellFacts facts;
  facts.object = name;
  facts.name = name;
  facts.implements = name;
  facts.summary = "is a sample";
  facts.exports = exports;
  facts.imports = imports;
  return facts;
}

inline ImageFacts alarm_image() {
  ImageFacts image;
  image.cells = {cell("alarm", {"alarm_set", "alarm_fire"},
                      {{"bell", "bell_ring"}, {"bell", "bell_stop"}, {"clock", "clock_now"}}),
                 cell("bell", {"bell_ring", "bell_stop"}, {}),
                 cell("bell_quiet", {"bell_ring", "bell_stop"}, {}),
                 cell("clock", {"clock_now", "clock_tick"}, {{"nano_core", "event_signal"}})};
  image.cells[0].clients = {"clock"};
  image.cells[0].states = {{"clock_state", 64}};
  image.cells[1].clients = {"alarm"};
  image.cells[2].clients = {"alarm"};
  image.cells[2].implements = "bell";
  image.cells[3].clients = {"alarm", "nano_core"};
  image.cells[3].words = {"alarm_fire", "clock_now"};
  image.cells[3].states = {{"clock_state", 64}};
  image.cells[3].rights = {"port_io"};
  image.core.words = {"clock_tick", "something_else"};
  return image;
}

inline Intent alarm_intent() {
  return {{"alarm", {"alarm", {"//cells/clock:__pkg__"}, {"bell", "clock"}}},
          {"bell", {"bell", {"//cells/alarm:__pkg__"}, {}}},
          {"bell_quiet", {"bell", {"//cells/alarm:__pkg__"}, {"bell"}}},
          {"clock", {"clock", {"//cells/alarm:__pkg__", "//nano_core:__pkg__"}, {}}}};
}

}  // namespace theseus::testing
