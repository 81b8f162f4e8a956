// SPDX-License-Identifier: MIT
/// @file
/// Fact: who calls whom, by the objects of an image. Cells that implement one interface are one
/// slot, since one at a time serves.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/graph/intent.h"
#include "tools/image_facts/image_facts.h"

namespace theseus {

/// One interface.
struct Slot {
  std::vector<const CellFacts *> objects;  // those that implement it; the first serves
  std::set<std::string> core_functions;    // what they import from nano_core
};

/// Functions of one slot that another one calls.
struct Edge {
  std::string from;
  std::string to;
  std::set<std::string> functions;
};

struct Graph {
  std::map<std::string, Slot> slots;
  std::vector<Edge> imports;     // by from, then to
  std::vector<Edge> references;  // functions whose name stands among the caller's constants
  std::set<std::string> core_references;
};

/// @param image  must outlive the graph
Graph make_graph(const ImageFacts &image);

/// The cells and functions that touch a slot, for people: who imports it, directly and by way of
/// others, who calls it by name, who shares its state, and what it needs itself.
/// @throws Refusal: there is no such slot
std::string describe_slot(const Graph &graph, const std::string &name);

/// Import cycles, each as a path whose last slot is the first again. Edges that are declared as
/// `cycle` do not count.
std::vector<std::vector<std::string>> find_cycles(const Graph &graph,
                                                  const Declarations &declarations);

}  // namespace theseus
