// SPDX-License-Identifier: MIT
#include "nano_core/api/machine.h"

#include "nano_core/arch/emergency_console.h"
#include "nano_core/core/core.h"

// The next word of the command line from `*at` on; empty at its end.
static text_t next_word(text_t line, size_t *at) {
  while (*at < line.length && line.data[*at] == ' ') ++*at;
  const size_t first = *at;
  while (*at < line.length && line.data[*at] != ' ') ++*at;
  return text_slice(line, first, *at - first);
}

bool_result_t machine_option(text_t word) {
  const text_t line = core_current()->command_line;
  size_t at = 0;
  for (text_t next = next_word(line, &at); next.length > 0; next = next_word(line, &at)) {
    if (text_equal(next, word)) return (bool_result_t){.value = true};
  }
  return (bool_result_t){.value = false};
}

size_result_t machine_option_value(text_t name, text_buffer_t value) {
  const text_t line = core_current()->command_line;
  size_t at = 0;
  for (text_t next = next_word(line, &at); next.length > 0; next = next_word(line, &at)) {
    if (next.length <= name.length || !text_starts_with(next, name) ||
        next.data[name.length] != '=') {
      continue;
    }
    const size_t from = name.length + 1;
    return (size_result_t){.value = text_copy(value, text_slice(next, from, next.length - from))};
  }
  return (size_result_t){.status = ERR(NOT_FOUND)};
}

status_t machine_framebuffer(machine_framebuffer_t *framebuffer) {
  if (core_current()->framebuffer.bits_per_pixel == 0) return ERR(NOT_FOUND);
  *framebuffer = core_current()->framebuffer;
  return OK;
}

paddr_result_t machine_acpi_root(void) {
  const paddr_t root = core_current()->acpi_root;
  if (root.bytes == 0) return (paddr_result_t){.status = ERR(NOT_FOUND)};
  return (paddr_result_t){.value = root};
}

status_t emergency_write(text_t text) {
  emergency_console_write(text);
  return OK;
}

u32_result_t emergency_read(void) {
  uint8_t character;
  if (!emergency_console_read(&character)) return (u32_result_t){.status = ERR(WOULD_BLOCK)};
  return (u32_result_t){.value = character};
}
