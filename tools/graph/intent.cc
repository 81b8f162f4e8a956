// SPDX-License-Identifier: MIT
#include "tools/graph/intent.h"

#include <set>
#include <sstream>

#include "tools/cell_object/files.h"

namespace theseus {

Intent read_intent(const std::string &subject, const std::string &text) {
  Intent intent;
  CellIntent *cell = nullptr;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind;
    std::string name;
    std::string interface;
    words >> kind >> name >> interface;
    if (kind == "cell" && !interface.empty()) {
      cell = &intent[name];
      cell->implements = interface;
    } else if (kind == "client" && cell != nullptr && !name.empty()) {
      cell->clients.push_back(name);
    } else if (kind == "dep" && cell != nullptr && !name.empty()) {
      cell->deps.push_back(name);
    } else {
      throw Refusal(subject, "line `" + line + "`", "tools/graph/intent.bzl writes no such line");
    }
  }
  return intent;
}

bool Declaration::covers(const std::string &of_kind, const std::string &of_from,
                         const std::string &of_to) const {
  if (kind != of_kind || from != of_from) return false;
  if (to.ends_with("*")) return of_to.starts_with(to.substr(0, to.size() - 1));
  return to == of_to;
}

Declarations read_declarations(const std::string &subject, const std::string &text) {
  static const std::set<std::string> kKinds = {"cycle", "reference", "types"};
  Declarations declarations;
  std::set<std::string> seen;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Declaration declared;
    if (!(words >> declared.kind) || declared.kind[0] == '#') continue;
    words >> declared.from >> declared.to >> std::ws;
    std::getline(words, declared.reason);
    if (!kKinds.contains(declared.kind) || declared.reason.empty()) {
      throw Refusal(subject, "line `" + line + "`",
                    "`cycle|reference|types FROM TO reason` is wanted");
    }
    if (!seen.insert(declared.kind + " " + declared.from + " " + declared.to).second) {
      throw Refusal(subject, "line `" + line + "`", "it is there twice");
    }
    declarations.push_back(declared);
  }
  return declarations;
}

}  // namespace theseus
