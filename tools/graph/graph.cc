// SPDX-License-Identifier: MIT
#include "tools/graph/graph.h"

#include <algorithm>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr char kCoreName[] = "nano_core";

using Functions = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

std::vector<Edge> edges_of(const Functions &functions) {
  std::vector<Edge> edges;
  for (const auto &[ends, names] : functions) edges.push_back({ends.first, ends.second, names});
  return edges;
}

// Which slot publishes a function.
std::map<std::string, std::string> publishers(const ImageFacts &image) {
  std::map<std::string, std::string> found;
  for (const CellFacts &cell : image.cells) {
    for (const std::string &function : cell.exports) found[function] = cell.implements;
  }
  return found;
}

class CycleFinder {
 public:
  CycleFinder(const Graph &graph, const Declarations &declarations) {
    for (const Edge &edge : graph.imports) {
      const bool is_declared =
          std::any_of(declarations.begin(), declarations.end(),
                      [&](const Declaration &d) { return d.covers("cycle", edge.from, edge.to); });
      if (!is_declared) targets_[edge.from].push_back(edge.to);
    }
  }

  std::vector<std::vector<std::string>> find() {
    for (const auto &[name, unused] : targets_) visit(name);
    return cycles_;
  }

 private:
  void visit(const std::string &name) {
    const auto on_path = std::find(path_.begin(), path_.end(), name);
    if (on_path != path_.end()) {
      cycles_.emplace_back(on_path, path_.end());
      cycles_.back().push_back(name);
      return;
    }
    if (!done_.insert(name).second) return;
    path_.push_back(name);
    for (const std::string &target : targets_[name]) visit(target);
    path_.pop_back();
  }

  std::map<std::string, std::vector<std::string>> targets_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
  std::vector<std::vector<std::string>> cycles_;
};

std::string joined(const std::set<std::string> &words) {
  std::string text;
  for (const std::string &word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// A heading and a line for each name with its functions; nothing where there are none.
std::string section(const std::string &heading,
                    const std::map<std::string, std::set<std::string>> &rows) {
  if (rows.empty()) return "";
  std::string text = heading + "\n";
  for (const auto &[name, functions] : rows) {
    const size_t blanks = name.size() < 24 ? 24 - name.size() : 1;
    text += "  " + name;
    if (!functions.empty()) text += std::string(blanks, ' ') + joined(functions);
    text += "\n";
  }
  return text;
}

std::set<std::string> state_names(const Slot &slot) {
  std::set<std::string> names;
  for (const CellFacts *object : slot.objects) {
    for (const StateFact &state : object->states) names.insert(state.name);
  }
  return names;
}

std::map<std::string, std::set<std::string>> sharers(const Graph &graph, const std::string &name) {
  std::map<std::string, std::set<std::string>> rows;
  const std::set<std::string> own = state_names(graph.slots.at(name));
  for (const auto &[other, slot] : graph.slots) {
    for (const std::string &state : state_names(slot)) {
      if (other != name && own.contains(state)) rows[other].insert(state);
    }
  }
  return rows;
}

// Who imports `name` by way of those that import it.
std::map<std::string, std::set<std::string>> indirect_importers(const Graph &graph,
                                                                const std::string &name) {
  std::set<std::string> reached = {name};
  std::set<std::string> direct;
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (const Edge &edge : graph.imports) {
      if (edge.to == name) direct.insert(edge.from);
      if (reached.contains(edge.to)) has_grown |= reached.insert(edge.from).second;
    }
  }
  std::map<std::string, std::set<std::string>> rows;
  for (const std::string &slot : reached) {
    if (slot != name && !direct.contains(slot)) rows[slot];
  }
  return rows;
}

}  // namespace

Graph make_graph(const ImageFacts &image) {
  Graph graph;
  Functions imports;
  Functions references;
  const std::map<std::string, std::string> publisher = publishers(image);
  for (const CellFacts &cell : image.cells) {
    Slot &slot = graph.slots[cell.implements];
    slot.objects.push_back(&cell);
    for (const auto &[provider, function] : cell.imports) {
      if (provider == kCoreName) {
        slot.core_functions.insert(function);
      } else {
        imports[{cell.implements, provider}].insert(function);
      }
    }
    for (const std::string &word : cell.words) {
      const auto found = publisher.find(word);
      if (found == publisher.end() || found->second == cell.implements) continue;
      references[{cell.implements, found->second}].insert(word);
    }
  }
  for (const std::string &word : image.core.words) {
    if (publisher.contains(word)) graph.core_references.insert(word);
  }
  graph.imports = edges_of(imports);
  graph.references = edges_of(references);
  return graph;
}

std::string describe_slot(const Graph &graph, const std::string &name) {
  if (!graph.slots.contains(name)) {
    throw Refusal(name, "no such interface", "`tools/bazel run //tools/size` lists the cells");
  }
  std::map<std::string, std::set<std::string>> importers;
  std::map<std::string, std::set<std::string>> callers;
  std::map<std::string, std::set<std::string>> needs;
  for (const Edge &edge : graph.imports) {
    if (edge.to == name) importers[edge.from] = edge.functions;
    if (edge.from == name) needs[edge.to] = edge.functions;
  }
  for (const Edge &edge : graph.references) {
    if (edge.to == name) callers[edge.from] = edge.functions;
  }
  std::set<std::string> exports;
  for (const CellFacts *object : graph.slots.at(name).objects) {
    for (const std::string &function : object->exports) {
      if (graph.core_references.contains(function)) exports.insert(function);
    }
  }
  if (!exports.empty()) callers[kCoreName] = exports;
  const std::set<std::string> &core = graph.slots.at(name).core_functions;
  if (!core.empty()) needs[kCoreName] = core;
  const std::string text = section("imported by", importers) +
                           section("and, by way of those, by", indirect_importers(graph, name)) +
                           section("called by name by", callers) +
                           section("shares state with", sharers(graph, name)) +
                           section("imports", needs);
  return name + "\n" + (text.empty() ? "nobody imports it, and it imports nothing\n" : text);
}

std::vector<std::vector<std::string>> find_cycles(const Graph &graph,
                                                  const Declarations &declarations) {
  return CycleFinder(graph, declarations).find();
}

}  // namespace theseus
