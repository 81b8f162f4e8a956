// SPDX-License-Identifier: MIT
/// @file
/// The smallest machine that talks to the runner as Theseus does: a shell of a few words on the
/// serial line and the keyboard, polled. It lets the runner be tested with the real QEMU and
/// without the real system.
#include <stdbool.h>
#include <stdint.h>

enum : uint16_t {
  kSerial = 0x3f8,
  kSerialStatus = 0x3fd,
  kKeyboardData = 0x60,
  kKeyboardStatus = 0x64,
  kDebugcon = 0xe9,
  kDebugExit = 0xf4,
  kResetControl = 0xcf9,
};

static void out(uint16_t port, uint8_t value) {
  __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port));
}

static void out_wide(uint16_t port, uint32_t value) {
  __asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port));
}

static uint8_t in(uint16_t port) {
  uint8_t value;
  __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
  return value;
}

static void print(const char *text) {
  for (; *text != '\0'; text++) {
    while ((in(kSerialStatus) & 0x20) == 0) {
    }
    if (*text == '\n') out(kSerial, '\r');
    out(kSerial, (uint8_t)*text);
  }
}

// Scan codes of set 1, unshifted.
static const char kKeymap[] =
    "\0\0331234567890-=\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char kShiftedKeymap[] =
    "\0\033!@#$%^&*()_+\b\tQWERTYUIOP{}\n\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

static bool g_shift;
static bool g_acknowledge = true;

static char key(uint8_t code) {
  const bool released = code & 0x80;
  const uint8_t plain = code & 0x7f;
  if (code == 0xe0) return '\0';
  if (plain == 0x2a || plain == 0x36) g_shift = !released;
  if (released) {
    if (g_acknowledge) out(kDebugcon, 'K');
    return '\0';
  }
  if (plain >= sizeof kKeymap) return '\0';
  return g_shift ? kShiftedKeymap[plain] : kKeymap[plain];
}

static char read(void) {
  for (;;) {
    if (in(kSerialStatus) & 1) return (char)in(kSerial);
    if ((in(kKeyboardStatus) & 1) == 0) continue;
    const char character = key(in(kKeyboardData));
    if (character != '\0') return character;
  }
}

static char g_line[256];

static void read_line(void) {
  uint32_t length = 0;
  for (char c; (c = read()) != '\n' && c != '\r';) {
    if (length < sizeof g_line - 1) g_line[length++] = c;
  }
  g_line[length] = '\0';
}

// Whether the line begins with `word`; `*rest` is what follows.
static bool is(const char *word, const char **rest) {
  const char *line = g_line;
  for (; *word != '\0'; word++, line++) {
    if (*word != *line) return false;
  }
  if (*line != ' ' && *line != '\0') return false;
  *rest = *line == ' ' ? line + 1 : line;
  return true;
}

static uint32_t number(const char *text) {
  uint32_t value = 0;
  for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (uint32_t)(*text - '0');
  return value;
}

[[noreturn]] static void stop(void) {
  for (;;) __asm__ volatile("hlt");
}

[[noreturn]] static void reset(void) {
  out(kResetControl, 2);
  out(kResetControl, 6);
  stop();
}

[[noreturn]] static void triple_fault(void) {
  const struct {
    uint16_t limit;
    uint64_t base;
  } __attribute__((packed)) nothing = {0, 0};
  __asm__ volatile("lidt %0; ud2" ::"m"(nothing));
  stop();
}

// Words that end the machine, well or badly.
static void end(void) {
  const char *rest;
  if (is("poweroff", &rest)) {
    out(kDebugcon, 'P');
    out_wide(kDebugExit, 0x10 + number(rest));
  }
  if (is("reboot", &rest)) {
    out(kDebugcon, 'R');
    print("= ok\n");
    reset();
  }
  if (is("reset", &rest)) reset();
  if (is("crash", &rest)) triple_fault();
  if (is("panic", &rest)) out_wide(kDebugExit, 0x7f);
  if (is("hang", &rest)) stop();
}

static void answer(void) {
  const char *rest;
  end();
  if (is("echo", &rest)) {
    print(rest);
    print("\n= ok\n");
  } else if (is("deaf", &rest)) {
    g_acknowledge = false;
    print("= ok\n");
  } else if (is("tap", &rest)) {
    print("1..2\nok 1 - first\nnot ok 2 - second\n= ok\n");
  } else if (g_line[0] != '\0') {
    print("= error NOT_FOUND: no command of this name\n");
  }
}

[[noreturn]] void tiny_machine(void);

// Firmware that does not look after the keyboard leaves its codes untranslated.
static void start_keyboard(void) {
  out(kKeyboardStatus, 0x60);
  out(kKeyboardData, 0x41);
  out(kKeyboardStatus, 0xae);
}

void tiny_machine(void) {
  start_keyboard();
  print("tiny machine\n[shell] ready\n");
  for (;;) {
    read_line();
    answer();
  }
}
