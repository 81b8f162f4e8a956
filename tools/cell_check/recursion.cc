// SPDX-License-Identifier: MIT
#include <set>

#include "tools/cell_check/rules.h"

namespace cell_check {
namespace {

// Whether calls lead from `from` to `target`.
bool Reaches(const CallGraph &graph, const std::string &from, const std::string &target,
             std::set<std::string> *seen) {
  if (from == target) return true;
  if (!seen->insert(from).second) return false;
  const auto calls = graph.calls.find(from);
  if (calls == graph.calls.end()) return false;
  for (const CallGraph::Call &call : calls->second) {
    if (Reaches(graph, call.callee, target, seen)) return true;
  }
  return false;
}

}  // namespace

void CheckRecursion(const CallGraph &graph, Findings *findings) {
  for (const auto &[caller, calls] : graph.calls) {
    for (const CallGraph::Call &call : calls) {
      std::set<std::string> seen;
      if (!graph.names.contains(call.callee) || !Reaches(graph, call.callee, caller, &seen))
        continue;
      findings->Add(call.place, "recursion",
                    "'" + graph.names.at(caller) + "' calls '" + graph.names.at(call.callee) +
                        "', which leads back to it; the stack is bounded");
    }
  }
}

}  // namespace cell_check
