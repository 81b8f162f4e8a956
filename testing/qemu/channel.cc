// SPDX-License-Identifier: MIT
#include "testing/qemu/channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace qemu {
namespace {

constexpr int kPipeBytes = 1 << 20;

// Out of descriptors: nothing sensible can follow.
[[noreturn]] void Fail() {
  std::perror("theseus: no channel to QEMU");
  std::abort();
}

}  // namespace

void Channel::Ends::Close() {
  if (in >= 0) close(in);
  if (out >= 0 && out != in) close(out);
  in = out = -1;
}

void Channel::MakeSocket() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) Fail();
  ours_ = {ends[0], ends[0]};
  theirs_ = {ends[1], ends[1]};
}

void Channel::MakePipes() {
  int to_us[2];
  int to_them[2];
  if (pipe2(to_us, O_CLOEXEC) != 0 || pipe2(to_them, O_CLOEXEC) != 0) Fail();
  fcntl(to_us[0], F_SETPIPE_SZ, kPipeBytes);  // a refusal leaves it smaller
  ours_ = {to_us[0], to_them[1]};
  theirs_ = {to_them[0], to_us[1]};
}

Channel::Channel(Kind kind) {
  kind == Kind::kSocket ? MakeSocket() : MakePipes();
  fcntl(ours_.in, F_SETFL, O_NONBLOCK);
  fcntl(ours_.out, F_SETFL, O_NONBLOCK);
}

Channel::~Channel() {
  ours_.Close();
  theirs_.Close();
}

void Channel::Send(std::string_view bytes) {
  queue_ += bytes;
  Pump();
}

void Channel::Pump() {
  while (!queue_.empty()) {
    const ssize_t sent = write(ours_.out, queue_.data(), queue_.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) queue_.clear();  // nobody is left to read it
    if (sent < 0) return;
    queue_.erase(0, static_cast<size_t>(sent));
  }
}

std::string Channel::Receive() {
  std::string bytes;
  char buffer[4096];
  while (!ended_) {
    const ssize_t got = read(ours_.in, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) ended_ = true;
    if (got > 0) bytes.append(buffer, static_cast<size_t>(got));
  }
  return bytes;
}

}  // namespace qemu
