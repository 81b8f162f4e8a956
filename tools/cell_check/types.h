// SPDX-License-Identifier: MIT
/// @file
/// Questions about types that several rules ask.
#pragma once
#include <clang-c/Index.h>

namespace cell_check {

bool IsPointer(CXType type);
bool IsArray(CXType type);
bool IsFunction(CXType type);
bool IsFunctionPointer(CXType type);
bool IsInteger(CXType type);
bool IsFloat(CXType type);
bool IsCharacter(CXType type);

/// The type of the elements of an array of any depth; the type itself where it is none.
CXType ElementOf(CXType type);

/// Whether it is constant; of an array, whether its elements are.
bool IsConst(CXType type);

/// Whether the type or an element, member or pointee-free part of it satisfies `test`.
bool Contains(CXType type, bool (*test)(CXType));

/// Whether the length of an array in it is only known at run time.
bool HasVariableLength(CXType type);

/// Whether it is status_t or a struct that begins with one.
bool IsStatus(CXType type);

}  // namespace cell_check
