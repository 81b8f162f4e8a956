// SPDX-License-Identifier: MIT
#include "testing/qemu/options.h"

namespace qemu {

std::string_view Help() {
  return R"(Boots the image in QEMU: a terminal for you, or a script that is judged.

usage: tools/bazel run //:theseus -- [FLAG...]

  --script FILE      run the lines of FILE ('-': standard input), power off, judge
  --add FILE[=NAME]  put an extra object into the archive (repeatable)
  --smp N            processors, 1 to 255 (default 2)
  --mem MIB          memory, 16 to 65536 (default 128)
  --icount           deterministic time: 1 instruction is 1 ns; implies --smp 1
  --accel tcg|tcg,thread=single|kvm
                     default tcg; thread=single runs all processors in turns, which is better
                     where the machine has more of them than the host
  --machine TYPE     default q35; as QEMU takes it: pc, q35,hpet=off, ...
  --cpu MODEL        default max
  --media cdrom|disk|usb
                     boot the ISO from there by GRUB, in place of -kernel;
                     --add cannot change what is on it
  --firmware bios|uefi
                     SeaBIOS or OVMF (default: bios with --media and --display,
                     else qboot, which is quicker)
  --append ARGS      words for the kernel command line
  --channel          give the machine a virtio console; a script is its host side
  --extra WORD       one more word of QEMU's command line (repeatable)
  --no-debug-exit    no device that carries an exit code: the machine powers off by itself
  --timeout S        seconds for a script (default 60); @type and @sleep add theirs
  --key-timeout S    seconds for the machine to read a key of @type (default 10)
  --display          show the screen in a window
  --gdb              take debug information along and wait for a debugger
  --gdb-at PLACE     where it can reach the machine (default tcp:127.0.0.1:1234)
  --dry-run          print the QEMU command line and do nothing
  --junit FILE       write the checks of a script as JUnit XML
  --trace FILE       write the machine's trace at the script's end, for chrome://tracing
                     or Perfetto
  --terminal         a script's machine speaks as to a terminal: prompt, echo, colours
  --tap              TAP lines that the machine prints are checks too
  --help             this text

Script: a line is a shell command, and each is sent after the answer to the one before.
  ! COMMAND          the command must fail
  # TEXT             a comment
  @sleep MS          let time pass
  @key NAME...       press keys: a, ret, f1, ctrl-c, ... (QEMU's names)
  @type TEXT         type TEXT on the keyboard; \n is Enter, \t Tab, \\ a backslash
  @send TEXT         send TEXT on the serial line as it is; as @type; \e is escape, \s a blank
  @mouse X Y [lmr]   move the mouse right and down, with these buttons held
  @channel-send TEXT   send TEXT and a line feed through --channel
  @channel-wait TEXT   wait until TEXT comes from there
  @channel-echo      from now on send back whatever comes from there
  @start COMMAND     send it and go on at once: only @ lines may follow, until
  @finish            its answer is waited for
  @wait TEXT         wait until TEXT is printed
  @expect TEXT       what was printed since the last command contains TEXT
  @expect-not TEXT   it does not
  @expect-screen TEXT
                     wait until a row of the screen shows TEXT, read by its pixels
  @screenshot FILE   save a picture of the screen: .png, else PPM
  @no-shell          first line: the machine is not to get as far as the shell;
                     only @ lines follow, and it may end as it likes
  @match REGEX       one of its lines matches REGEX (ECMAScript)

Exit status: 0 all well; 1 a command or check failed, or `poweroff N`; 2 usage;
3 out of time; 4 the machine died.

The build rule sets --qemu, --kernel, --archive, --archive-tool, --iso,
--font and --text-font.
)";
}

}  // namespace qemu
