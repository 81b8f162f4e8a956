// SPDX-License-Identifier: MIT
/// @file
/// A two-way byte stream between this process and a child.
#pragma once
#include <string>
#include <string_view>

namespace qemu {

/// Two descriptors here and two that the child inherits. No name in the file system is involved, so
/// nobody else can connect and no path can be too long. Writing never waits: what the child does
/// not take yet is kept, and sent by Pump().
class Channel {
 public:
  enum class Kind {
    kSocket,  // one descriptor for both directions
    // Two one-way pipes: hold far more single bytes than a socket does (which takes some 300), so
    // a machine that prints fast need not wait for this process.
    kPipes,
  };

  explicit Channel(Kind kind);
  Channel(const Channel &) = delete;
  Channel &operator=(const Channel &) = delete;
  ~Channel();

  /// The descriptors to poll here: for input, and for output while HasOutput(); else -1.
  int input() const { return ended_ ? -1 : ours_.in; }
  int output() const { return HasOutput() ? ours_.out : -1; }

  /// The descriptors that the child inherits; -1 after CloseTheirs().
  int theirs_in() const { return theirs_.in; }
  int theirs_out() const { return theirs_.out; }

  /// Must be called once the child runs: only then is its end seen as the stream's end.
  void CloseTheirs() { theirs_.Close(); }

  /// Queues bytes and sends what can be sent now.
  void Send(std::string_view bytes);

  /// Sends what is queued, as far as it goes.
  void Pump();

  /// Whether Pump() has something to send.
  bool HasOutput() const { return !queue_.empty(); }

  /// Takes everything that has come; never waits.
  std::string Receive();

  /// Whether the other end is gone and everything from it was received.
  bool ended() const { return ended_; }

 private:
  struct Ends {
    int in = -1;
    int out = -1;
    void Close();
  };

  void MakeSocket();
  void MakePipes();

  Ends ours_;
  Ends theirs_;
  bool ended_ = false;
  std::string queue_;
};

}  // namespace qemu
