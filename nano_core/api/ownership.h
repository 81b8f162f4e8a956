// SPDX-License-Identifier: MIT
/// @file
/// Who owns what a pointer or handle names once a call has ended. Each word is part of the type
/// fingerprint of the function that it stands in. There is no word for "the callee keeps it":
/// that would be state spill.
#pragma once

/// The caller keeps it; the callee may use it until it returns.
#define LENT __attribute__((annotate("lent")))
/// The callee writes it on success, and leaves it untouched on error.
#define OUT __attribute__((annotate("out")))
/// The caller receives it and must give it back.
#define OWNED __attribute__((annotate("owned")))
/// The callee takes it over, and empties the argument on success.
#define TAKES __attribute__((annotate("takes")))
