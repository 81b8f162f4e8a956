"""Host programs that use libclang (@llvm//:libclang).

libclang cannot be linked statically, and the machine may have no such library, or
another one. So the program is started through a script that runs it with the loader
and libraries of @llvm, from wherever it is called: as tool of an action, in a test,
by `bazel run`, or by hand. The script sets LLVM_TREE: pass "-resource-dir=" followed by
that and "/lib/clang/22", and -nostdlibinc, else libclang reads the machine's headers.
"""

load("@rules_cc//cc:defs.bzl", "cc_binary")

# libclang finds the compiler's own headers beside itself, so the folder that has both comes first.
_LAUNCHER = """\
#!/bin/sh
# Where files lie depends on who calls: an action, a test, `bazel run`, a person.
case $0 in
  /*) self=$0 ;;
  *) self=$PWD/$0 ;;
esac
for root in "$PWD" "$self.runfiles/{workspace}" "${{RUNFILES_DIR:-}}/{workspace}" \\
  "${{self%%/bazel-out/*}}"; do
  llvm=$root/external/llvm
  loader=$llvm/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
  [ -x "$loader" ] && break
done
for program in "${{self%/*}}/{program}" "$self.runfiles/{workspace}/{program_path}" "$PWD/{program_path}"; do
  [ -x "$program" ] && break
done
if ! [ -x "$loader" ] || ! [ -x "$program" ]; then
  echo "{name}: its files are not here; call it as 'tools/bazel run {label} -- ARGS'" >&2
  exit 1
fi
# For -resource-dir: libclang cannot find the compiler's headers by itself.
LLVM_TREE=$llvm
export LLVM_TREE
exec "$loader" --inhibit-cache --argv0 "$0" \\
  --library-path "$llvm/usr/lib/llvm-22/lib:$llvm/lib/x86_64-linux-gnu:$llvm/usr/lib/x86_64-linux-gnu" \\
  "$program" "$@"
"""

def _launcher_impl(ctx):
    program = ctx.executable.program
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        executable,
        _LAUNCHER.format(
            label = str(ctx.label),
            name = ctx.label.name,
            program = program.basename,
            program_path = program.short_path,
            workspace = ctx.workspace_name,
        ),
        is_executable = True,
    )
    runfiles = ctx.runfiles([executable, program] + ctx.files.data + ctx.files._llvm)
    runfiles = runfiles.merge(ctx.attr.program[DefaultInfo].default_runfiles)
    return [
        DefaultInfo(executable = executable, runfiles = runfiles),
        testing.TestEnvironment(ctx.attr.env),
    ]

_ATTRS = {
    "data": attr.label_list(allow_files = True),
    "env": attr.string_dict(),
    "program": attr.label(executable = True, cfg = "target", mandatory = True),
    "_llvm": attr.label(default = "@llvm//:runtime"),
}

_clang_tool = rule(implementation = _launcher_impl, attrs = _ATTRS, executable = True)

_clang_test = rule(implementation = _launcher_impl, attrs = _ATTRS, test = True)

def _program(name, srcs, deps, **kwargs):
    cc_binary(
        name = name,
        srcs = srcs,
        features = ["-static_executable"],
        linkstatic = True,
        target_compatible_with = ["//platforms:hosted"],
        visibility = ["//visibility:private"],
        deps = deps,
        **kwargs
    )

def clang_tool(name, srcs, deps = [], data = [], visibility = None, testonly = False, copts = []):
    """Declares the program NAME, which may use libclang.

    Args:
      name: of the program.
      srcs: C and C++ sources.
      deps: libraries; @llvm//:libclang is added.
      data: files that the program reads at run time.
      visibility: as of any target.
      testonly: as of any target.
      copts: compiler flags.
    """
    _program(
        name = name + "_program",
        srcs = srcs,
        copts = copts,
        testonly = testonly,
        deps = deps + ["@llvm//:libclang"],
    )
    _clang_tool(
        name = name,
        data = data,
        program = name + "_program",
        testonly = testonly,
        visibility = visibility,
    )

def clang_test(name, srcs, deps = [], data = [], size = "small", env = {}, args = [], tags = []):
    """Declares the GoogleTest NAME, which may use libclang. It has no sanitized twin.

    Args:
      name: of the test.
      srcs: C and C++ sources.
      deps: libraries under test; GoogleTest and @llvm//:libclang are added.
      data: files that the test reads.
      size: as of any test.
      env: environment of the test.
      args: of the test.
      tags: of the test.
    """
    _program(
        name = name + "_program",
        testonly = True,
        srcs = srcs,
        deps = deps + ["@googletest//:gtest_main", "@llvm//:libclang"],
    )
    _clang_test(
        name = name,
        size = size,
        args = args,
        data = data,
        env = env,
        program = name + "_program",
        tags = tags,
    )
