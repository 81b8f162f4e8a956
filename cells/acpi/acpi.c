// SPDX-License-Identifier: MIT
#include "cells/acpi/acpi.h"

#include "cells/acpi/root.h"
#include "cells/acpi/window.h"

// A longer table is taken for nonsense; the longest known are a third of that.
static const uint64_t kLargestTable = UINT64_C(1) << 20;

// Offsets in a table's header, and in the FADT.
enum {
  kHeaderLength = 4,
  kFadtDsdt = 40,
  kFadtExtendedDsdt = 140,
  kAddressBytes = 8,
};

typedef struct acpi_entry {
  acpi_table_t table;
  byte_span_t memory;  // of a sound table, mapped for good
} acpi_entry_t;

// Once `searched` is set, nothing changes any more.
typedef struct acpi_tables {
  monitor_t monitor;
  uint64_t searched;
  uint64_t count;
  acpi_entry_t entries[kAcpiTables];
} acpi_tables_t;

STATE(acpi_tables_t, acpi_tables);

// A copy of the entry in place `index`. END: past the last.
static status_t entry_at(uint64_t index, acpi_entry_t *entry) {
  monitor_enter(&state_acpi_tables->monitor);
  const bool present = index < state_acpi_tables->count;
  if (present) *entry = state_acpi_tables->entries[index];
  monitor_exit(&state_acpi_tables->monitor);
  return present ? OK : ERR(END);
}

static bool is_listed(paddr_t start) {
  bool found = false;
  monitor_enter(&state_acpi_tables->monitor);
  for (uint64_t i = 0; i < state_acpi_tables->count && !found; i++) {
    found = state_acpi_tables->entries[i].table.start.bytes == start.bytes;
  }
  monitor_exit(&state_acpi_tables->monitor);
  return found;
}

static bool is_full(void) {
  monitor_enter(&state_acpi_tables->monitor);
  const bool full = state_acpi_tables->count == kAcpiTables;
  monitor_exit(&state_acpi_tables->monitor);
  return full;
}

// There is room: only acpi_initialize appends, and it runs once at a time.
static void append(const acpi_entry_t *entry) {
  monitor_enter(&state_acpi_tables->monitor);
  const uint64_t count = state_acpi_tables->count;
  state_copy(&state_acpi_tables->entries[count], entry, sizeof(*entry));
  state_set(&state_acpi_tables->count, count + 1);
  monitor_exit(&state_acpi_tables->monitor);
}

static text_t signature_of(const acpi_table_t *table) {
  return text_slice(SPAN_OF(text, table->signature), 0, kAcpiSignatureBytes);
}

static void complain(const acpi_table_t *table, text_t why) {
  text_line_t before = {};
  text_line_text(&before, TEXT("the table "));
  text_line_text(&before, signature_of(table));
  text_line_text(&before, TEXT(" at "));
  acpi_say(text_line_view(&before), table->start, why);
}

static char printable(uint8_t byte) { return byte > ' ' && byte < 0x7f ? (char)byte : '?'; }

// Fills in what the header says. Returns whether it can be read.
static bool read_header(acpi_table_t *table) {
  window_t window;
  if (!status_is_ok(window_open(table->start, kAcpiHeaderBytes, &window))) return false;
  for (size_t i = 0; i < kAcpiSignatureBytes; i++) {
    table->signature[i] = printable(mmio_read8(window.bytes, i));
  }
  table->bytes = mmio_read32(window.bytes, kHeaderLength);
  window_close(&window);
  return true;
}

// Maps the whole table and checks it; one that is sound stays mapped.
static void check(acpi_entry_t *entry) {
  acpi_table_t *table = &entry->table;
  window_t window;
  if (!read_header(table)) return complain(table, TEXT(" cannot be mapped and is ignored"));
  if (table->bytes < kAcpiHeaderBytes || table->bytes > kLargestTable) {
    return complain(table, TEXT(" has a length that makes no sense and is ignored"));
  }
  if (!status_is_ok(window_open(table->start, table->bytes, &window))) {
    return complain(table, TEXT(" cannot be mapped and is ignored"));
  }
  if (window_sum(window.bytes) != 0) {
    window_close(&window);
    return complain(table, TEXT(" has a bad checksum and is ignored"));
  }
  table->sound = 1;
  entry->memory = window.bytes;
}

// Lists the table at `start`. Returns whether there was room for it.
static bool add_table(paddr_t start, acpi_entry_t *entry) {
  *entry = (acpi_entry_t){.table = {.start = start, .signature = "????"}};
  if (start.bytes == 0 || is_listed(start)) return true;
  if (is_full()) {
    acpi_say(TEXT("there are more than 64 tables; the one at "), start,
             TEXT(" and what follows is ignored"));
    return false;
  }
  check(entry);
  append(entry);
  return true;
}

// Lists a root table and all that it names. Returns whether it is a sound one of that signature.
static bool add_root_table(paddr_t start, text_t signature, size_t pointer_bytes) {
  acpi_entry_t root;
  if (start.bytes == 0 || !add_table(start, &root) || root.table.sound == 0) return false;
  if (!text_equal(signature_of(&root.table), signature)) {
    complain(&root.table, TEXT(" stands where a root table should"));
    return false;
  }
  for (uint64_t at = kAcpiHeaderBytes; range_fits(at, pointer_bytes, root.memory.length);
       at += pointer_bytes) {
    const uint64_t address = pointer_bytes == kAddressBytes ? mmio_read64(root.memory, at)
                                                            : mmio_read32(root.memory, at);
    acpi_entry_t entry;
    if (!add_table((paddr_t){address}, &entry)) break;
  }
  return true;
}

// The root table does not name the DSDT; the FADT does.
static void add_dsdt(void) {
  const u64_result_t fadt = acpi_find(TEXT("FACP"), 0);
  acpi_entry_t entry;
  if (!status_is_ok(fadt.status) || !status_is_ok(entry_at(fadt.value, &entry))) return;
  paddr_t start = {};
  if (range_fits(kFadtExtendedDsdt, kAddressBytes, entry.memory.length)) {
    start.bytes = mmio_read64(entry.memory, kFadtExtendedDsdt);
  }
  if (start.bytes == 0 && range_fits(kFadtDsdt, sizeof(uint32_t), entry.memory.length)) {
    start.bytes = mmio_read32(entry.memory, kFadtDsdt);
  }
  add_table(start, &entry);
}

// Returns whether a sound root table was found.
static bool search(root_t *root) {
  if (!root_find(root)) return false;
  if (!add_root_table(root->xsdt, TEXT("XSDT"), kAddressBytes) &&
      !add_root_table(root->rsdt, TEXT("RSDT"), sizeof(uint32_t))) {
    return false;
  }
  add_dsdt();
  return true;
}

static void say(text_t line) {
  status_ignore(log_write(TEXT("acpi"), line), "without a log it is not said");
}

static void look(bool off) {
  root_t root = {};
  if (off) {
    say(TEXT("off by the command line; the usual places of a PC are assumed"));
  } else if (search(&root)) {
    acpi_say(TEXT("root pointer at "), root.start, TEXT(""));
  } else {
    say(TEXT("no usable tables; the usual places of a PC are assumed"));
  }
}

static bool is_searched(void) {
  monitor_enter(&state_acpi_tables->monitor);
  const bool searched = state_acpi_tables->searched != 0;
  monitor_exit(&state_acpi_tables->monitor);
  return searched;
}

status_t acpi_initialize(void) {
  // The tables stay mapped, so the list of them outlives every instance.
  TRY(blob_retain(TEXT("acpi_tables")));
  if (is_searched()) return OK;
  const bool_result_t off = machine_option(TEXT("acpi=off"));
  TRY(off.status);
  look(off.value);
  monitor_enter(&state_acpi_tables->monitor);
  state_set(&state_acpi_tables->searched, UINT64_C(1));
  monitor_exit(&state_acpi_tables->monitor);
  return OK;
}

status_t acpi_describe(uint64_t index, acpi_table_t *table) {
  acpi_entry_t entry;
  TRY(entry_at(index, &entry));
  *table = entry.table;
  return OK;
}

u64_result_t acpi_find(text_t signature, uint64_t index) {
  if (signature.length != kAcpiSignatureBytes) {
    return (u64_result_t){.status = ERR(INVALID_ARGUMENT)};
  }
  u64_result_t result = {.status = ERR(NOT_FOUND)};
  monitor_enter(&state_acpi_tables->monitor);
  for (uint64_t i = 0; i < state_acpi_tables->count && !status_is_ok(result.status); i++) {
    const acpi_table_t *table = &state_acpi_tables->entries[i].table;
    if (table->sound == 0 || !text_equal(signature_of(table), signature)) continue;
    if (index-- == 0) result = (u64_result_t){.value = i};
  }
  monitor_exit(&state_acpi_tables->monitor);
  return result;
}

status_t acpi_read(uint64_t place, uint64_t offset, byte_span_t buffer) {
  acpi_entry_t entry;
  if (!status_is_ok(entry_at(place, &entry)) || entry.table.sound == 0) return ERR(NOT_FOUND);
  if (!range_fits(offset, buffer.length, entry.memory.length)) return ERR(OUT_OF_RANGE);
  for (size_t i = 0; i < buffer.length; i++) {
    *byte_span_at(buffer, i) = mmio_read8(entry.memory, offset + i);
  }
  return OK;
}
