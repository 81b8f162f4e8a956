// SPDX-License-Identifier: MIT
#include "tools/cell_check/rules.h"
#include "tools/cell_check/types.h"

namespace cell_check {
namespace {

using cell_ast::Name;

bool IsGlobal(CXCursor variable) {
  return clang_getCursorKind(clang_getCursorSemanticParent(variable)) == CXCursor_TranslationUnit;
}

void CheckVariable(CXCursor cursor, Findings *findings) {
  const bool is_const = IsConst(clang_getCursorType(cursor));
  const bool is_static = clang_Cursor_getStorageClass(cursor) == CX_SC_Static;
  const bool is_thread = clang_getCursorTLSKind(cursor) != CXTLS_None;
  const std::string name = "'" + Name(cursor) + "'";
  if (is_thread || (IsGlobal(cursor) && !is_const)) {
    findings->Add(cursor, "mutable-global",
                  name + " is a global that can change; declare a blob with STATE");
  } else if (is_static && !is_const) {
    findings->Add(cursor, "static-local", name + " outlives the call; declare a blob with STATE");
  }
}

// Whatever holds a value: variables, parameters, fields, and the names of their types.
void CheckHolder(CXCursor cursor, CXType type, Findings *findings) {
  const std::string name = "'" + Name(cursor) + "'";
  // A parameter that is written as a function is a pointer to one.
  if (IsFunctionPointer(ElementOf(type)) || IsFunction(type)) {
    findings->Add(cursor, "function-pointer-in-data",
                  name + " holds a function's address; hold a reference_t");
  }
  if (HasVariableLength(type)) {
    findings->Add(cursor, "variable-length-array",
                  name + " has a length that is known only at run time");
  }
  if (IsFloat(ElementOf(type))) {
    findings->Add(cursor, "float", name + " needs registers that cells do not have");
  }
}

void CheckFunction(CXCursor cursor, Findings *findings) {
  const std::string name = "'" + Name(cursor) + "'";
  const CXType type = clang_getCursorType(cursor);
  if (clang_isFunctionTypeVariadic(type)) {
    findings->Add(cursor, "varargs", name + " takes a variable number of arguments");
  }
  CheckHolder(cursor, clang_getCursorResultType(cursor), findings);
  if (clang_Cursor_getStorageClass(cursor) != CX_SC_Static &&
      !cell_ast::IsAnnotated(cursor, "cell_export")) {
    findings->Add(cursor, "unmarked-function", name + " is neither static nor marked CELL_EXPORT");
  }
}

void CheckUnion(CXCursor cursor, Findings *findings) {
  if (!Contains(clang_getCursorType(cursor), IsPointer)) return;
  findings->Add(cursor, "union-with-pointer",
                "a union with a pointer in it turns integers into pointers");
}

}  // namespace

void CheckDeclaration(CXCursor cursor, Findings *findings) {
  switch (clang_getCursorKind(cursor)) {
    case CXCursor_VarDecl:
      CheckVariable(cursor, findings);
      return CheckHolder(cursor, clang_getCursorType(cursor), findings);
    case CXCursor_ParmDecl:
    case CXCursor_FieldDecl:
      return CheckHolder(cursor, clang_getCursorType(cursor), findings);
    case CXCursor_TypedefDecl:
      return CheckHolder(cursor, clang_getTypedefDeclUnderlyingType(cursor), findings);
    case CXCursor_FunctionDecl:
      return CheckFunction(cursor, findings);
    case CXCursor_UnionDecl:
      return CheckUnion(cursor, findings);
    default:
      return;
  }
}

}  // namespace cell_check
