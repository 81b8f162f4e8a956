// SPDX-License-Identifier: MIT
/// @file
/// What the firmware says about the interrupt controllers, checked; a PC's usual layout where it
/// says nothing.
#pragma once
#include "cells/acpi_madt/acpi_madt.h"
#include "cells/interrupt_controller/interrupt_controller.h"
#include "cells/log/log.h"
#include "patterns/text_line.h"

enum {
  kControllers = 8,
  kControllerRegisterBytes = 0x20,
  kIsaLines = 16,
  kTimerLine = 0,
  kCascadeLine = 2,      // where the second legacy controller is
  kTimerGlobal = 2,      // where line 0 comes in on a PC
  kActiveLow = 1 << 13,  // bits of a redirection
  kLevelTriggered = 1 << 15,
};

static const uint64_t kUsualController = 0xfec00000;
static const uint64_t kLowestController = UINT64_C(1) << 20;

/// Where an ISA line comes in, and how.
typedef struct isa_route {
  uint64_t global;
  uint64_t trigger;  // bits of the redirection
} isa_route_t;

typedef struct layout_controller {
  paddr_t start;
  uint64_t base;  // its first global interrupt
} layout_controller_t;

typedef struct layout {
  uint64_t count;
  layout_controller_t controllers[kControllers];
  isa_route_t isa[kIsaLines];
} layout_t;

/// Logs `before NUMBER after`.
static inline void layout_say(text_t before, uint64_t number, text_t after) {
  text_line_t line = {};
  text_line_text(&line, before);
  text_line_hexadecimal(&line, number);
  text_line_text(&line, after);
  status_ignore(log_write(TEXT("interrupt_controller"), text_line_view(&line)),
                "without a log it is not said");
}

static inline void layout_set_usual_lines(layout_t *layout) {
  for (uint64_t line = 0; line < kIsaLines; line++) layout->isa[line] = (isa_route_t){line, 0};
}

static inline layout_t layout_usual(void) {
  layout_t layout = {.count = 1, .controllers = {{{kUsualController}, 0}}};
  layout_set_usual_lines(&layout);
  layout.isa[0].global = kTimerGlobal;
  return layout;
}

static inline void layout_add_controller(layout_t *layout, const acpi_madt_entry_t *entry) {
  const uint64_t in_page = entry->address.bytes % kFrameBytes;
  if (entry->address.bytes < kLowestController || entry->address.bytes % 16 != 0 ||
      in_page + kControllerRegisterBytes > kFrameBytes) {
    return layout_say(TEXT("no I/O APIC can be at "), entry->address.bytes, TEXT("; ignored"));
  }
  for (uint64_t i = 0; i < layout->count; i++) {
    if (layout->controllers[i].start.bytes == entry->address.bytes ||
        layout->controllers[i].base == entry->global) {
      return layout_say(TEXT("a second I/O APIC for the same lines, at "), entry->address.bytes,
                        TEXT("; ignored"));
    }
  }
  if (layout->count == kControllers) {
    return layout_say(TEXT("one I/O APIC too many, at "), entry->address.bytes, TEXT("; ignored"));
  }
  layout->controllers[layout->count++] = (layout_controller_t){entry->address, entry->global};
}

// What the bus has, ISA that is, is an edge, active high.
static inline void layout_override(layout_t *layout, const acpi_madt_entry_t *entry) {
  const uint32_t polarity = entry->flags & kAcpiMadtPolarityMask;
  const uint32_t trigger = entry->flags & kAcpiMadtTriggerMask;
  const bool polarity_known =
      polarity == 0 || polarity == kAcpiMadtActiveHigh || polarity == kAcpiMadtActiveLow;
  const bool trigger_known = trigger == 0 || trigger == kAcpiMadtEdge || trigger == kAcpiMadtLevel;
  if (entry->number >= kIsaLines || !polarity_known || !trigger_known) {
    return layout_say(TEXT("an override that makes no sense, of line "), entry->number,
                      TEXT("; ignored"));
  }
  layout->isa[entry->number] =
      (isa_route_t){entry->global, (polarity == kAcpiMadtActiveLow ? (uint64_t)kActiveLow : 0) |
                                       (trigger == kAcpiMadtLevel ? (uint64_t)kLevelTriggered : 0)};
}

/// Reads the firmware's list. What makes no sense in it is logged and left out.
/// @returns  whether it names a controller
static inline bool layout_read(layout_t *layout) {
  *layout = (layout_t){};
  layout_set_usual_lines(layout);
  uint64_t cursor = 0;
  for (;;) {
    acpi_madt_entry_t entry;
    const u64_result_t next = acpi_madt_next(cursor, &entry);
    if (status_is(next.status, STATUS_IO_ERROR)) {
      layout_say(TEXT("the firmware's list ends with nonsense, after byte "), cursor, TEXT(""));
    }
    if (!status_is_ok(next.status)) return layout->count != 0;
    cursor = next.value;
    if (entry.kind == kAcpiMadtController) layout_add_controller(layout, &entry);
    if (entry.kind == kAcpiMadtOverride) layout_override(layout, &entry);
  }
}
