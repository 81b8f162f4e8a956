"""Repositories made of pinned Debian packages and sources.

Each tree is described by //third_party:trees/NAME.tree and pinned by
//third_party:locks/NAME.lock.json. Programs of a tree run with the tree's own
loader and libraries, through the scripts in its bin/.

The BUILD file of a tree is one call of a macro in //third_party/NAME:package.bzl,
so editing that macro does not unpack the tree again.
"""

_REFRESH = "tools/bazel run //third_party:refresh"

def _base(rctx, archive):
    """Address below which pool/ of "debian" or "debian-security" lies."""
    mirror = rctx.os.environ.get("DEBIAN_MIRROR")
    if mirror:
        return mirror.rstrip("/") + archive[len("debian"):]
    apt = rctx.which("apt-get")
    if apt:
        found = rctx.execute([apt, "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"])
        for line in found.stdout.split("\n"):
            line = line.rstrip("/")
            if line.endswith("/" + archive):
                return line

    # With a warm repository cache no address is needed, so this is no error yet.
    return "http://debian-mirror.invalid/" + archive

def _url(base, path):
    return "{}/{}".format(base, path.replace("+", "%2b").replace("~", "%7e"))

def _download(rctx, lock):
    """Fetches all packages of a lock; returns (files, first package that failed or None)."""
    bases = {archive: _base(rctx, archive) for archive in ["debian", "debian-security"]}
    files = []
    for package in lock["packages"]:
        file = "debs/{}.deb".format(package["package"])
        got = rctx.download(
            url = _url(bases[package["archive"]], package["path"]),
            output = file,
            sha256 = package["sha256"],
            allow_fail = True,
        )
        if not got.success:
            return files, package
        files.append(file)
    return files, None

def _describe(package):
    return "package {} {}".format(package["package"], package["version"])

def _resolve_anew(rctx, missing):
    """The lock as the mirror's signed index has it today."""
    warning = "\n".join([
        "",
        "WARNING: {} cannot be fetched, so the whole tree '{}' is resolved anew.".format(
            _describe(missing),
            rctx.name,
        ),
        "         Versions now differ from the committed lock. To pin them: {} -- {}".format(
            _REFRESH,
            rctx.name,
        ),
    ])
    print(warning)  # buildifier: disable=print
    got = rctx.execute(
        ["bash", str(rctx.path(rctx.attr._resolve)), str(rctx.path(rctx.attr.tree))],
        environment = {
            key: rctx.os.environ[key]
            for key in ["DEBIAN_MIRROR", "DEBIAN_KEYRING"]
            if key in rctx.os.environ
        },
    )
    if got.return_code != 0:
        fail("{} of tree '{}' cannot be fetched, and the tree cannot be resolved anew:\n{}".format(
            _describe(missing),
            rctx.name,
            got.stderr,
        ))
    return json.decode(got.stdout)

def _fetch(rctx):
    """The .deb files of the lock, or of a newly resolved one."""
    files, missing = _download(rctx, json.decode(rctx.read(rctx.attr.lock)))
    if not missing:
        return files
    if rctx.os.environ.get("THESEUS_LOCKED"):
        fail(("{} of tree '{}' cannot be fetched, and --config=locked allows no other version. " +
              "If the mirror is reachable the file has been replaced there: run `{} -- {}`, " +
              "look at the changed lock, commit it.").format(
            _describe(missing),
            rctx.name,
            _REFRESH,
            rctx.name,
        ))
    rctx.delete("debs")
    files, missing = _download(rctx, _resolve_anew(rctx, missing))
    if missing:
        fail(("{} of tree '{}' is named by the mirror's index but cannot be fetched from it. " +
              "Set DEBIAN_MIRROR to another mirror's address, or try again later.").format(
            _describe(missing),
            rctx.name,
        ))
    return files

def _words(tree, key):
    """Values of the lines "KEY VALUE" of a tree file."""
    lines = [line.split("#")[0].strip() for line in tree.split("\n")]
    return [line[len(key):].strip() for line in lines if line.startswith(key + " ")]

def _write_tools(rctx):
    dirs = ":".join(['"$d"/' + path for path in rctx.attr.library_dirs])
    for name, path in rctx.attr.tools.items():
        rctx.file("bin/" + name, "\n".join([
            "#!/bin/sh",
            "d=${0%/*}/..",
        ] + rctx.attr.tool_setup + [
            'exec "$d/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --inhibit-cache \\',
            "  --library-path {} \\".format(dirs),
            # As itself, so that what a tool starts by its own name comes through here again.
            '  --argv0 "$0" "$d/{}" {} "$@"'.format(path, " ".join(rctx.attr.tool_args)),
            "",
        ]), executable = True)

def _write_build(rctx):
    rctx.file("WORKSPACE", "workspace(name = \"{}\")\n".format(rctx.name))
    rctx.file("BUILD.bazel", "\n".join([
        'load("@theseus//third_party/{}:package.bzl", "package_targets")'.format(rctx.name),
        "package_targets()",
        "",
    ]))

def _debian_tree_impl(rctx):
    prune = _words(rctx.read(rctx.attr.tree), "prune")
    files = _fetch(rctx)
    rctx.file("debs/prune", "\n".join(prune + [""]))
    got = rctx.execute(["bash", str(rctx.path(rctx.attr._unpack)), ".", "debs/prune"] + files, timeout = 1800)
    if got.return_code != 0:
        fail("tree '{}' cannot be unpacked; bash, coreutils, find, tar and xz must be installed:\n{}".format(
            rctx.name,
            got.stderr,
        ))
    rctx.delete("debs")
    for old, new in rctx.attr.moves.items():
        rctx.execute(["mv", old, new])
    for link, target in rctx.attr.links.items():
        rctx.execute(["ln", "-s", target, link])
    _write_tools(rctx)
    _write_build(rctx)

# DEBIAN_MIRROR and THESEUS_LOCKED are read but are no `environ` of the rule: setting
# them must not unpack again what is there.
debian_tree = repository_rule(
    implementation = _debian_tree_impl,
    doc = "Pinned Debian packages, unpacked into one tree.",
    attrs = {
        "library_dirs": attr.string_list(
            default = ["lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"],
            doc = "Where the tools of this tree find their libraries.",
        ),
        "links": attr.string_dict(doc = "Symbolic links to add: path -> relative target."),
        "lock": attr.label(mandatory = True, allow_single_file = True),
        "moves": attr.string_dict(doc = "Files or folders to move: old path -> new path."),
        "tool_args": attr.string_list(doc = "Shell words before each tool's own arguments; $d is the tree."),
        "tool_setup": attr.string_list(doc = "Shell lines to run before each tool; $d is the tree."),
        "tools": attr.string_dict(doc = "Name below bin/ -> program in the tree."),
        "tree": attr.label(mandatory = True, allow_single_file = True),
        "_resolve": attr.label(default = "//third_party:resolve.sh", allow_single_file = True),
        "_unpack": attr.label(default = "//third_party:unpack.sh", allow_single_file = True),
    },
)

def _debian_source_impl(rctx):
    got = rctx.download_and_extract(
        url = _url(_base(rctx, "debian"), rctx.attr.path),
        sha256 = rctx.attr.sha256,
        stripPrefix = rctx.attr.strip_prefix,
        allow_fail = True,
    )
    if not got.success:
        fail(("source '{}' ({}) cannot be fetched. Check the network, set DEBIAN_MIRROR to another " +
              "mirror's address, or pin another version in third_party/repositories.bzl.").format(
            rctx.name,
            rctx.attr.path,
        ))
    _write_build(rctx)

debian_source = repository_rule(
    implementation = _debian_source_impl,
    doc = "The pinned upstream source of a Debian source package.",
    attrs = {
        "path": attr.string(mandatory = True, doc = "Below the main archive's base address."),
        "sha256": attr.string(mandatory = True),
        "strip_prefix": attr.string(),
    },
)

def _tree_part_impl(rctx):
    root = rctx.path(rctx.attr.tree).dirname
    script = 'cp -rL "$0"/. . && chmod -R u+w . && ' + (rctx.attr.fix or ":")
    got = rctx.execute(["bash", "-c", script, "{}/{}".format(root, rctx.attr.path)])
    if got.return_code != 0:
        fail("'{}' cannot be copied out of tree {}:\n{}".format(rctx.name, rctx.attr.tree, got.stderr))

tree_part = repository_rule(
    implementation = _tree_part_impl,
    doc = "One folder of a tree as a repository of its own.",
    attrs = {
        "fix": attr.string(doc = "Shell command that adapts the copy to Bazel 4.2.3."),
        "path": attr.string(mandatory = True),
        "tree": attr.label(mandatory = True, doc = "The tree's BUILD.bazel."),
    },
)
