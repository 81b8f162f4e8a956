// SPDX-License-Identifier: MIT
/// @file
/// Who owns what a pointer or handle names once a call has ended. Each word is part of the type
/// fingerprint of the function that it stands in. There is no word for "the callee keeps it":
/// that would be state spill.
#pragma once

// An annotated parameter is kept in memory, on a stack that is then protected: for the compiler the
// words say nothing.
#ifdef CELL_AST
#define OWNERSHIP_WORD(word) __attribute__((annotate(word)))
#else
#define OWNERSHIP_WORD(word)
#endif

/// The caller keeps it; the callee may use it until it returns.
#define LENT OWNERSHIP_WORD("lent")
/// The callee writes it on success, and leaves it untouched on error.
#define OUT OWNERSHIP_WORD("out")
/// The caller receives it and must give it back.
#define OWNED OWNERSHIP_WORD("owned")
/// The callee takes it over, and empties the argument on success.
#define TAKES OWNERSHIP_WORD("takes")
