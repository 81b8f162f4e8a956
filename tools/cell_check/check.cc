// SPDX-License-Identifier: MIT
#include "tools/cell_check/check.h"

#include "tools/cell_check/rules.h"

namespace cell_check {
namespace {

using cell_ast::Children;
using cell_ast::Name;
using cell_ast::Unit;

class Walker {
 public:
  Walker(Findings *findings, CallGraph *graph) : findings_(findings), graph_(graph) {}

  void File(const Unit &unit) {
    for (const CXCursor cursor : Children(unit.root())) {
      if (!clang_isPreprocessing(clang_getCursorKind(cursor))) Visit(cursor);
    }
  }

 private:
  // Recursive: a syntax tree is as deep as its source is nested.
  void Visit(CXCursor cursor) {
    const CXCursorKind kind = clang_getCursorKind(cursor);
    const bool is_function = kind == CXCursor_FunctionDecl;
    if (is_function) Enter(cursor);
    if (findings_->scope().Covers(cursor)) Check(cursor, kind);
    if (kind == CXCursor_CallExpr) {
      VisitCall(cursor);
    } else {
      for (const CXCursor child : Children(cursor)) Visit(child);
    }
    if (is_function) caller_.clear();
  }

  void Enter(CXCursor function) {
    if (!clang_isCursorDefinition(function)) return;
    caller_ = cell_ast::ToString(clang_getCursorUSR(function));
    graph_->names[caller_] = Name(function);
  }

  void Check(CXCursor cursor, CXCursorKind kind) {
    CheckDeclaration(cursor, findings_);
    CheckExpression(cursor, findings_);
    if (kind == CXCursor_CallExpr) CheckCall(cursor, findings_);
    const bool names_function =
        kind == CXCursor_DeclRefExpr &&
        clang_getCursorKind(clang_getCursorReferenced(cursor)) == CXCursor_FunctionDecl;
    if (!names_function) return;
    findings_->Add(cursor, "function-pointer-in-data",
                   "the address of '" + Name(cursor) + "' is taken; use a reference_t");
  }

  // The name of the function that is called is no use of its address.
  void VisitCall(CXCursor call) {
    const CXCursor function = CalleeOf(call);
    if (!clang_Cursor_isNull(function) && !caller_.empty()) {
      graph_->calls[caller_].push_back(
          {cell_ast::ToString(clang_getCursorUSR(function)), Scope::PlaceOf(call)});
    }
    bool is_callee = !clang_Cursor_isNull(function);
    for (const CXCursor child : Children(call)) {
      if (!is_callee) Visit(child);
      is_callee = false;
    }
  }

  Findings *findings_;
  CallGraph *graph_;
  std::string caller_;
};

}  // namespace

std::vector<cell_ast::Violation> Check(const Request &request) {
  std::vector<std::string> trusted = request.trusted;
  trusted.push_back(cell_ast::BuiltinHeaders() + "/");
  const Scope scope(trusted);
  Findings findings(scope);
  CallGraph graph;
  for (const std::string &file : request.files) {
    std::vector<cell_ast::Violation> errors;
    const Unit unit = Unit::ParseSource(file, request.flags, &errors);
    for (const cell_ast::Violation &error : errors) {
      findings.Add(error.place, error.rule, error.reason);
    }
    if (!unit.ok()) continue;
    Walker(&findings, &graph).File(unit);
    CheckTokens(unit, &findings);
    CheckIncludes(unit, request.rights, &findings);
  }
  CheckRecursion(graph, &findings);
  return findings.Sorted();
}

}  // namespace cell_check
