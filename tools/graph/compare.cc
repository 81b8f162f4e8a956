// SPDX-License-Identifier: MIT
#include "tools/graph/compare.h"

#include <algorithm>
#include <set>

#include "tools/graph/graph.h"

namespace theseus {
namespace {

constexpr char kCoreName[] = "nano_core";
constexpr char kOutOfTree[] = "out_of_tree";
constexpr std::string_view kCellFolder = "//cells/";
constexpr std::string_view kPackage = ":__pkg__";

template <typename Range>
bool contains(const Range &range, const std::string &wanted) {
  return std::find(range.begin(), range.end(), wanted) != range.end();
}

// The name under which the manifest has a client: the last part of its package.
std::string client_name(const std::string &label) {
  const std::string package = label.substr(0, label.find(':'));
  return package.substr(package.rfind('/') + 1);
}

bool is_cell(const std::string &label) { return label.starts_with(kCellFolder); }

bool imports_any(const CellFacts &from, const CellFacts &to) {
  return std::any_of(from.imports.begin(), from.imports.end(),
                     [&](const ImportFact &import) { return import.provider == to.implements; });
}

bool names_any(const std::set<std::string> &words, const CellFacts &cell) {
  return std::any_of(cell.exports.begin(), cell.exports.end(),
                     [&](const std::string &function) { return words.contains(function); });
}

class Comparison {
 public:
  Comparison(const ImageFacts &image, const Intent &intent, const Declarations &declarations)
      : image_(image), intent_(intent), declarations_(declarations) {
    needed_.resize(declarations.size());
    for (const CellFacts &cell : image.cells) cells_[cell.name] = &cell;
  }

  std::vector<std::string> run() {
    for (const CellFacts &cell : image_.cells) {
      if (!intent_.contains(cell.name)) {
        add(cell.name + " is in the image, but its build file was not read");
        continue;
      }
      check_manifest(cell);
      check_clients(cell);
      check_dependencies(cell);
      check_imports(cell);
      check_names(cell);
    }
    check_cycles();
    for (size_t i = 0; i < needed_.size(); i++) {
      const Declaration &line = declarations_[i];
      if (needed_[i]) continue;
      add("tools/graph/declared.txt: nothing needs `" + line.kind + " " + line.from + " " +
          line.to + "`: take the line out");
    }
    return found_;
  }

 private:
  void add(const std::string &sentence) { found_.push_back(sentence); }

  bool is_declared(const std::string &kind, const std::string &from, const std::string &to) {
    bool found = false;
    for (size_t i = 0; i < declarations_.size(); i++) {
      if (!declarations_[i].covers(kind, from, to)) continue;
      needed_[i] = true;
      found = true;
    }
    return found;
  }

  const CellFacts *find(const std::string &name) const {
    const auto found = cells_.find(name);
    return found == cells_.end() ? nullptr : found->second;
  }

  // By its name or, where several implement one interface, by that: the first of them.
  const CellFacts *find_dependency(const std::string &name) const {
    if (const CellFacts *const cell = find(name)) return cell;
    const auto found = std::find_if(image_.cells.begin(), image_.cells.end(),
                                    [&](const CellFacts &cell) { return cell.implements == name; });
    return found == image_.cells.end() ? nullptr : &*found;
  }

  bool admits(const CellFacts &cell, const std::string &client) const {
    return std::any_of(cell.clients.begin(), cell.clients.end(),
                       [&](const std::string &name) { return name == client; });
  }

  void check_manifest(const CellFacts &cell) {
    std::set<std::string> intended;
    for (const std::string &label : intent_.at(cell.name).clients) {
      intended.insert(client_name(label));
    }
    std::set<std::string> stamped(cell.clients.begin(), cell.clients.end());
    stamped.erase(kOutOfTree);
    if (stamped != intended) {
      add("cells/" + cell.name + ": the clients in its object are not those of its build file");
    }
  }

  void check_clients(const CellFacts &cell) {
    for (const std::string &label : intent_.at(cell.name).clients) {
      if (label == "//nano_core:__pkg__") {
        if (names_any(image_.core.words, cell)) continue;
        add("cells/" + cell.name + ": nano_core is a client, but names none of its functions: " +
            "take \"" + label + "\" out of its visibility");
      } else if (is_cell(label)) {
        check_client(cell, label);
      }
    }
  }

  void check_client(const CellFacts &cell, const std::string &label) {
    const std::string name = client_name(label);
    const CellFacts *const client = find(name);
    const std::string remedy = "take \"" + label + "\" out of its visibility";
    if (client == nullptr) {
      add("cells/" + cell.name + ": the client " + name + " is not in the image: " + remedy);
      return;
    }
    if (client == &cell) {
      add("cells/" + cell.name + ": it is its own client, which nobody need be: " + remedy);
      return;
    }
    if (client->implements == cell.implements) return;
    if (imports_any(*client, cell) || names_any(client->words, cell)) return;
    if (is_declared("reference", name, cell.name)) return;
    add("cells/" + cell.name + ": the client " + name + " calls none of its functions: " + remedy +
        ", or declare `reference " + name + " " + cell.name + "` in tools/graph/declared.txt");
  }

  void check_dependencies(const CellFacts &cell) {
    for (const std::string &name : intent_.at(cell.name).deps) {
      const CellFacts *const dependency = find_dependency(name);
      if (dependency == nullptr) {
        add("cells/" + cell.name + ": its dependency " + name + " is not in the image");
        continue;
      }
      if (dependency->implements == cell.implements) continue;
      if (imports_any(cell, *dependency) || names_any(cell.words, *dependency)) continue;
      if (is_declared("types", cell.name, name)) continue;
      add("cells/" + cell.name + ": it calls nothing of its dependency " + name +
          ": take it out of deps, or declare `types " + cell.name + " " + name +
          "` in tools/graph/declared.txt");
    }
  }

  void check_imports(const CellFacts &cell) {
    for (const auto &[provider, function] : cell.imports) {
      if (provider == kCoreName) continue;
      bool is_served = false;
      for (const CellFacts &other : image_.cells) {
        if (other.implements != provider) continue;
        is_served = true;
        check_import(cell, other, function);
      }
      if (is_served) continue;
      add("cells/" + cell.name + ": it imports " + function + ", but nothing in the image " +
          "implements " + provider + ": put a cell that does into the image");
    }
  }

  void check_import(const CellFacts &cell, const CellFacts &other, const std::string &function) {
    if (!contains(other.exports, function)) {
      add("cells/" + other.name + ": it does not publish " + function + ", which " + cell.name +
          " imports: publish it, or raise the version of the interface");
    }
    check_admission(cell, other, "imports " + function);
  }

  void check_admission(const CellFacts &cell, const CellFacts &other, const std::string &what) {
    if (admits(other, cell.name)) return;
    add("cells/" + other.name + ": " + cell.name + " " + what + ", but is no client: add \"" +
        std::string(kCellFolder) + cell.name + std::string(kPackage) + "\" to its visibility");
  }

  void check_names(const CellFacts &cell) {
    for (const CellFacts &other : image_.cells) {
      if (other.implements == cell.implements) continue;
      for (const std::string &function : other.exports) {
        if (cell.words.contains(function)) check_admission(cell, other, "names " + function);
      }
    }
  }

  // A declared cycle is needed where the import is there; find_cycles says the rest.
  void check_cycles() {
    for (const Edge &edge : make_graph(image_).imports) is_declared("cycle", edge.from, edge.to);
  }

  const ImageFacts &image_;
  const Intent &intent_;
  const Declarations &declarations_;
  std::map<std::string, const CellFacts *> cells_;
  std::vector<bool> needed_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> find_differences(const ImageFacts &image, const Intent &intent,
                                          const Declarations &declarations) {
  return Comparison(image, intent, declarations).run();
}

}  // namespace theseus
