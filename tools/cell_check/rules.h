// SPDX-License-Identifier: MIT
/// @file
/// The rules by what they look at. Each function looks at one file and adds what it finds.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/cell_ast/ast.h"
#include "tools/cell_check/scope.h"

namespace cell_check {

/// Where rules put what they find.
class Findings {
 public:
  explicit Findings(const Scope &scope) : scope_(scope) {}
  const Scope &scope() const { return scope_; }
  void Add(CXCursor where, const std::string &rule, const std::string &reason) {
    found_.insert({Scope::PlaceOf(where), rule, reason});
  }
  void Add(const cell_ast::Place &where, const std::string &rule, const std::string &reason) {
    found_.insert({where, rule, reason});
  }
  std::vector<cell_ast::Violation> Sorted() const { return {found_.begin(), found_.end()}; }

 private:
  const Scope &scope_;
  std::set<cell_ast::Violation> found_;
};

/// Who calls whom, over all files of a cell. A static function is a node of its own in each file.
struct CallGraph {
  struct Call {
    std::string callee;
    cell_ast::Place place;
  };
  std::map<std::string, std::string> names;        // of the functions that are defined
  std::map<std::string, std::vector<Call>> calls;  // by caller
};

/// mutable-global, static-local, function-pointer-in-data, variable-length-array, varargs,
/// union-with-pointer, unmarked-function, float.
void CheckDeclaration(CXCursor cursor, Findings *findings);

/// inline-assembly, integer-to-pointer, pointer-cast, pointer-arithmetic, raw-index,
/// dropped-status, computed-goto, float.
void CheckExpression(CXCursor cursor, Findings *findings);

/// library-call, alloca, setjmp, varargs, and function-pointer-in-data for calls by pointer.
void CheckCall(CXCursor call, Findings *findings);

/// inline-assembly, pragma, attribute: what the syntax tree does not show.
void CheckTokens(const cell_ast::Unit &unit, Findings *findings);

/// right, include.
void CheckIncludes(const cell_ast::Unit &unit, const std::vector<std::string> &rights,
                   Findings *findings);

/// recursion.
void CheckRecursion(const CallGraph &graph, Findings *findings);

/// The function that a call names; a null cursor where it calls by pointer.
CXCursor CalleeOf(CXCursor call);

/// The expression without parentheses and conversions that nobody wrote.
CXCursor Strip(CXCursor expression);

}  // namespace cell_check
