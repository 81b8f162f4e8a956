// SPDX-License-Identifier: MIT
/// @file
/// What a gate can carry (docs/book/gates.md): at most six eightbytes of integers and pointers, and
/// a status with a value of integer class in at most 16 bytes.
#pragma once
#include <clang-c/Index.h>

#include <string>
#include <vector>

#include "tools/cell_ast/ast.h"

namespace fingerprint {

/// The shape of a published function: a letter for each parameter, then `:SIZE@OFFSET` of the
/// result's value. Each breach of the rules becomes a violation; the shape is then of no use.
std::string ShapeOf(CXCursor function, std::vector<cell_ast::Violation> *violations);

/// The shape of a function of nano_core that answers nothing (monitors), which has no gate.
std::string DirectShapeOf(CXCursor function, std::vector<cell_ast::Violation> *violations);

}  // namespace fingerprint
