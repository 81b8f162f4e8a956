// SPDX-License-Identifier: MIT
#include "testing/step/remote.h"

#include <array>
#include <cstdio>
#include <stdexcept>

namespace step {
namespace {

constexpr char kEscape = '}';
constexpr char kEscapedBit = 0x20;
constexpr int kRepetitionBase = 29;  // a repetition of n is written as the character n + 29
constexpr char kAskToStop = 0x03;

// QEMU's words for what a step leaves out: bit 1 interrupts, bit 2 the clock; bit 0 makes it a
// step.
constexpr std::string_view kStepMasked = "Qqemu.sstep=7";
constexpr std::string_view kStepAdmitting = "Qqemu.sstep=1";

// In QEMU's packet of all registers: sixteen general ones, rip, rflags (4 bytes), six segment
// registers (4 each), fs_base, gs_base.
constexpr size_t kGeneral = 16;
constexpr size_t kFlagsAt = (kGeneral + 1) * 8;
constexpr size_t kGsBaseAt = kFlagsAt + 4 + 6 * 4 + 8;

// Numbers of registers. CR8 is the priority up to which the local APIC keeps interrupts to itself.
constexpr uint64_t kInstructionPointer = 16;
constexpr uint64_t kPageTables = 29;
constexpr uint64_t kPriorityRegister = 31;
constexpr uint64_t kHighestPriority = 15;

// More than this does not fit into one of QEMU's packets.
constexpr size_t kLongestRead = 1024;

unsigned Checksum(std::string_view content) {
  unsigned sum = 0;
  for (const char c : content) sum += static_cast<unsigned char>(c);
  return sum & 0xff;
}

std::string Hex(uint64_t number) {
  std::array<char, 17> text;
  std::snprintf(text.data(), text.size(), "%llx", static_cast<unsigned long long>(number));
  return text.data();
}

std::string HexBytes(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

int Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw std::runtime_error(std::string("the gdb stub sent '") + c + "' for a hexadecimal digit");
}

std::string BytesOf(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(Digit(hex[i]) << 4 | Digit(hex[i + 1]));
  }
  return bytes;
}

uint64_t NumberAt(std::string_view bytes, size_t at, size_t length) {
  if (at + length > bytes.size()) throw std::runtime_error("the gdb stub's answer is too short");
  uint64_t number = 0;
  for (size_t i = length; i-- > 0;)
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

// The command that sets a register.
std::string SetRegister(uint64_t number, uint64_t value, size_t bytes = 8) {
  std::string text;
  for (size_t i = 0; i < bytes; i++) text += static_cast<char>(value >> (8 * i));
  return "P" + Hex(number) + "=" + HexBytes(text);
}

std::string Priority(uint64_t priority) { return SetRegister(kPriorityRegister, priority); }

void Expect(std::string_view expected, const std::string &answer, std::string_view content) {
  if (answer == expected) return;
  throw std::runtime_error("the gdb stub answers '" + answer + "' to " + std::string(content));
}

// Undoes escapes and repetitions.
std::string Plain(std::string_view content) {
  std::string plain;
  for (size_t i = 0; i < content.size(); i++) {
    if (content[i] == kEscape && i + 1 < content.size()) {
      plain += static_cast<char>(content[++i] ^ kEscapedBit);
    } else if (content[i] == '*' && i + 1 < content.size() && !plain.empty()) {
      plain.append(static_cast<size_t>(content[++i] - kRepetitionBase), plain.back());
    } else {
      plain += content[i];
    }
  }
  return plain;
}

}  // namespace

std::string Packet(std::string_view content) {
  std::array<char, 4> sum;
  std::snprintf(sum.data(), sum.size(), "#%02x", Checksum(content));
  return "$" + std::string(content) + sum.data();
}

std::optional<std::string> PacketReader::Next() {
  const size_t start = rest_.find('$');
  const size_t end = rest_.find('#', start == std::string::npos ? 0 : start);
  if (start == std::string::npos || end == std::string::npos || end + 2 >= rest_.size()) return {};
  const std::string content = rest_.substr(start + 1, end - start - 1);
  const int sum = Digit(rest_[end + 1]) << 4 | Digit(rest_[end + 2]);
  rest_.erase(0, end + 3);
  if (static_cast<unsigned>(sum) != Checksum(content)) {
    throw std::runtime_error("the gdb stub sent a packet with a wrong checksum: " + content);
  }
  return Plain(content);
}

std::string Remote::ReceiveAnswer() {
  for (;;) {
    if (std::optional<std::string> content = reader_.Next()) return *content;
    reader_.Add(receive_());
  }
}

std::string Remote::Receive() {
  std::string content = ReceiveAnswer();
  send_("+");
  return content;
}

std::string Remote::Ask(std::string_view content) {
  send_(Packet(content));
  return Receive();
}

void Remote::AskForOk(std::string_view content) { Expect("OK", Ask(content), content); }

void Remote::Begin() {
  const std::string bits = Ask("qqemu.sstepbits");
  if (bits != "ENABLE=1,NOIRQ=2,NOTIMER=4") {
    throw std::runtime_error("this QEMU steps in another way: '" + bits + "'");
  }
  // QEMU does not speak about single registers with who has not read its list of them.
  if (!Ask("qXfer:features:read:target.xml:0,100").starts_with('l')) {
    throw std::runtime_error("this QEMU has no list of registers");
  }
}

uint64_t Remote::ReadInstructionPointer() {
  return NumberAt(BytesOf(Ask("p" + Hex(kInstructionPointer))), 0, 8);
}

uint64_t Remote::ReadPageTables() { return NumberAt(BytesOf(Ask("p" + Hex(kPageTables))), 0, 8); }

void Remote::WriteRegisters(const Registers &registers) {
  const Registers &r = registers;
  const uint64_t general[] = {r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8,
                              r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
  std::vector<std::string> contents;
  for (const uint64_t value : general) contents.push_back(SetRegister(contents.size(), value));
  contents.push_back(SetRegister(contents.size(), r.rflags, 4));
  SendAll(contents);
  for (size_t i = 0; i + 1 < contents.size(); i++) Expect("OK", ReceiveAnswer(), contents[i]);
  Expect("OK", Receive(), contents.back());
}

Registers Remote::ReadRegisters() {
  const std::string bytes = BytesOf(Ask("g"));
  if (bytes.size() < kGsBaseAt + 8) {
    throw std::runtime_error(
        "the gdb stub knows too few registers: " + std::to_string(bytes.size()) + " bytes");
  }
  const auto general = [&](size_t number) { return NumberAt(bytes, number * 8, 8); };
  return {general(0),
          general(1),
          general(2),
          general(3),
          general(4),
          general(5),
          general(6),
          general(7),
          general(8),
          general(9),
          general(10),
          general(11),
          general(12),
          general(13),
          general(14),
          general(15),
          general(16),
          NumberAt(bytes, kFlagsAt, 4),
          NumberAt(bytes, kGsBaseAt, 8)};
}

std::string Remote::Read(uint64_t address, size_t bytes) {
  std::string memory;
  while (memory.size() < bytes) {
    const size_t count = std::min(kLongestRead, bytes - memory.size());
    const uint64_t at = address + memory.size();
    const std::string part = BytesOf(Ask("m" + Hex(at) + "," + Hex(count)));
    if (part.size() != count) throw std::runtime_error("no memory is mapped at 0x" + Hex(at));
    memory += part;
  }
  return memory;
}

uint64_t Remote::ReadNumber(uint64_t address, size_t bytes) {
  return NumberAt(Read(address, bytes), 0, bytes);
}

void Remote::Write(uint64_t address, std::string_view bytes) {
  AskForOk("M" + Hex(address) + "," + Hex(bytes.size()) + ":" + HexBytes(bytes));
}

void Remote::WriteNumber(uint64_t address, uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; i++) text += static_cast<char>(value >> (8 * i));
  Write(address, text);
}

// What takes one round trip instead of several. QEMU stops a machine that runs when anything comes
// in, so all answers but the last are acknowledged in advance.
void Remote::SendAll(const std::vector<std::string> &contents) {
  std::string bytes;
  for (const std::string &content : contents) bytes += (bytes.empty() ? "" : "+") + Packet(content);
  send_(bytes);
}

uint64_t Remote::RunTo(const std::set<uint64_t> &addresses, bool hold) {
  std::vector<std::string> before;
  std::vector<std::string> after;
  for (const uint64_t address : addresses) {
    before.push_back("Z1," + Hex(address) + ",1");
    after.push_back("z1," + Hex(address) + ",1");
  }
  if (hold) before.push_back(Priority(kHighestPriority));
  if (hold) after.push_back(Priority(0));
  before.push_back("c");
  after.push_back("p" + Hex(kInstructionPointer));
  SendAll(before);
  for (size_t i = 0; i + 1 < before.size(); i++) Expect("OK", ReceiveAnswer(), before[i]);
  WaitForStop();
  SendAll(after);
  for (size_t i = 0; i + 1 < after.size(); i++) Expect("OK", ReceiveAnswer(), after[i]);
  return NumberAt(BytesOf(Receive()), 0, 8);
}

void Remote::SetStepping(Interrupts interrupts) {
  if (stepping_ == interrupts) return;
  AskForOk(interrupts == Interrupts::kMasked ? kStepMasked : kStepAdmitting);
  stepping_ = interrupts;
}

void Remote::Step(Interrupts interrupts) {
  SetStepping(interrupts);
  send_(Packet("s"));
  WaitForStop();
}

void Remote::Continue() { send_(Packet("c")); }

void Remote::AskToStop() { send_(std::string_view(&kAskToStop, 1)); }

void Remote::WaitForStop() {
  for (;;) {
    const std::string answer = Receive();
    if (answer.starts_with('T') || answer.starts_with('S')) return;
    if (answer.starts_with('O')) continue;  // output for the person at gdb
    throw std::runtime_error("the machine did not stop; the gdb stub says '" + answer + "'");
  }
}

}  // namespace step
