// SPDX-License-Identifier: MIT
#include "tools/cell_check/rules.h"
#include "tools/cell_check/types.h"

namespace cell_check {
namespace {

using cell_ast::Children;

bool IsExpression(CXCursor cursor) { return clang_isExpression(clang_getCursorKind(cursor)) != 0; }

// The last child: before it may stand the name of a type.
CXCursor Operand(CXCursor cursor) {
  const std::vector<CXCursor> children = Children(cursor);
  return children.empty() || !IsExpression(children.back()) ? clang_getNullCursor()
                                                            : children.back();
}

bool IsSameType(CXType a, CXType b) {
  return clang_equalTypes(clang_getUnqualifiedType(clang_getCanonicalType(a)),
                          clang_getUnqualifiedType(clang_getCanonicalType(b))) != 0;
}

bool DropsConst(CXType from, CXType to) {
  return (IsConst(from) && !IsConst(to)) ||
         (clang_isVolatileQualifiedType(from) && !clang_isVolatileQualifiedType(to));
}

bool IsVoid(CXType type) { return clang_getCanonicalType(type).kind == CXType_Void; }

// The pointer type with which the value came, before casts to void * that only hide it.
CXType Origin(CXCursor expression) {
  const CXCursor inner = Strip(expression);
  const CXType type = clang_getCursorType(inner);
  const bool hides = clang_getCursorKind(inner) == CXCursor_CStyleCastExpr && IsPointer(type) &&
                     IsVoid(clang_getPointeeType(clang_getCanonicalType(type)));
  if (!hides) return clang_getCanonicalType(type);
  const CXCursor operand = Operand(inner);
  return clang_Cursor_isNull(operand) ? clang_getCanonicalType(type) : Origin(operand);
}

void CheckPointerCast(CXCursor cursor, CXType from, CXType to, Findings *findings) {
  // An array or function that is named gives its address.
  const CXType source = IsPointer(from)    ? clang_getPointeeType(from)
                        : IsFunction(from) ? from
                                           : clang_getArrayElementType(from);
  const CXType target = clang_getPointeeType(to);
  if (DropsConst(source, target)) {
    findings->Add(cursor, "pointer-cast", "the cast takes away a const or volatile");
  } else if (IsFunction(source) != IsFunction(target)) {
    findings->Add(cursor, "pointer-cast", "the cast is between a function and data");
  } else if (!IsVoid(source) && !IsVoid(target) && !IsSameType(source, target) &&
             !(IsCharacter(source) && IsCharacter(target))) {
    findings->Add(cursor, "pointer-cast", "the cast is between pointers to unrelated types");
  }
}

void CheckCast(CXCursor cursor, Findings *findings) {
  const CXCursor operand = Operand(cursor);
  if (clang_Cursor_isNull(operand)) return;
  const CXType to = clang_getCanonicalType(clang_getCursorType(cursor));
  const CXType from = Origin(operand);
  if (IsVoid(to) && IsStatus(from)) {
    findings->Add(cursor, "dropped-status",
                  "a status is dropped; handle it, or say status_ignore(status, \"why\")");
  }
  if (to.kind != CXType_Pointer) return;
  if (IsInteger(from)) {
    findings->Add(cursor, "integer-to-pointer", "an integer becomes a pointer");
  } else if (from.kind != CXType_Record && from.kind != CXType_NullPtr) {
    CheckPointerCast(cursor, from, to, findings);
  }
}

// The library calls a parameter an array where it is written as one.
bool IsAddress(CXType type) { return IsPointer(type) || IsArray(type); }

bool IsParameter(CXCursor expression) {
  return clang_getCursorKind(clang_getCursorReferenced(expression)) == CXCursor_ParmDecl;
}

bool IsAdditive(CXBinaryOperatorKind kind) {
  return kind == CXBinaryOperator_Add || kind == CXBinaryOperator_Sub ||
         kind == CXBinaryOperator_AddAssign || kind == CXBinaryOperator_SubAssign;
}

void CheckBinary(CXCursor cursor, Findings *findings) {
  if (!IsAdditive(clang_getCursorBinaryOperatorKind(cursor))) return;
  for (const CXCursor operand : Children(cursor)) {
    if (!IsAddress(clang_getCursorType(operand))) continue;
    findings->Add(cursor, "pointer-arithmetic", "use a span, or an index into a fixed array");
    return;
  }
}

void CheckUnary(CXCursor cursor, Findings *findings) {
  const CXUnaryOperatorKind kind = clang_getCursorUnaryOperatorKind(cursor);
  const bool steps = kind == CXUnaryOperator_PreInc || kind == CXUnaryOperator_PostInc ||
                     kind == CXUnaryOperator_PreDec || kind == CXUnaryOperator_PostDec;
  if (steps && IsAddress(clang_getCursorType(cursor))) {
    findings->Add(cursor, "pointer-arithmetic", "use a span, or an index into a fixed array");
  }
}

void CheckIndex(CXCursor cursor, Findings *findings) {
  for (const CXCursor child : Children(cursor)) {
    const CXCursor base = Strip(child);
    const CXType type = clang_getCanonicalType(clang_getCursorType(base));
    if (type.kind == CXType_Pointer || (IsArray(type) && IsParameter(base))) {
      findings->Add(cursor, "raw-index", "a pointer is indexed; index a span or a fixed array");
    } else if (type.kind == CXType_IncompleteArray) {
      findings->Add(cursor, "raw-index", "an array of unknown length is indexed; use a span");
    }
  }
}

}  // namespace

CXCursor Strip(CXCursor expression) {
  CXCursor cursor = expression;
  for (;;) {
    const CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind != CXCursor_UnexposedExpr && kind != CXCursor_ParenExpr) return cursor;
    const std::vector<CXCursor> children = Children(cursor);
    if (children.size() != 1 || !IsExpression(children[0])) return cursor;
    cursor = children[0];
  }
}

void CheckExpression(CXCursor cursor, Findings *findings) {
  switch (clang_getCursorKind(cursor)) {
    case CXCursor_GCCAsmStmt:
    case CXCursor_MSAsmStmt:
      return findings->Add(cursor, "inline-assembly",
                           "only the intrinsics of nano_core/api touch the machine");
    case CXCursor_AddrLabelExpr:
    case CXCursor_IndirectGotoStmt:
      return findings->Add(cursor, "computed-goto", "the target of a jump is data");
    case CXCursor_FloatingLiteral:
      return findings->Add(cursor, "float", "cells have no floating-point registers");
    case CXCursor_CStyleCastExpr:
      return CheckCast(cursor, findings);
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
      return CheckBinary(cursor, findings);
    case CXCursor_UnaryOperator:
      return CheckUnary(cursor, findings);
    case CXCursor_ArraySubscriptExpr:
      return CheckIndex(cursor, findings);
    default:
      return;
  }
}

}  // namespace cell_check
