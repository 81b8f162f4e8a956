// SPDX-License-Identifier: MIT
/// @file
/// The one header that a cell includes beside the public headers of the cells that it calls.
/// @spill none: declarations only.
#pragma once
#include "nano_core/api/checked.h"
#include "nano_core/api/event.h"
#include "nano_core/api/export.h"
#include "nano_core/api/monitor.h"
#include "nano_core/api/ownership.h"
#include "nano_core/api/processor.h"
#include "nano_core/api/reference.h"
#include "nano_core/api/sealed.h"
#include "nano_core/api/span.h"
#include "nano_core/api/state.h"
#include "nano_core/api/status.h"
#include "nano_core/api/task.h"
#include "nano_core/api/types.h"
#include "nano_core/api/units.h"
