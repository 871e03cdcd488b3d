#!/usr/bin/env python3
"""What the shop is made of that others wrote: a CycloneDX document of it, and the list that a change of it must update.

  deploy/sbom/sbom check [--image IMAGE]            what is found is what deploy/sbom/dependencies.txt lists, or it fails
  deploy/sbom/sbom update [--image IMAGE]           writes the list
  deploy/sbom/sbom write FILE [--image IMAGE]       writes the document (CycloneDX 1.6, JSON)

Found are Swift packages (Package.swift, and what they need in turn), what the Lambda needs from PyPI, and, with --image, the Debian
packages in the image that the Dockerfile makes. Without --image the list's Debian lines are taken as they are.

Listed are Swift packages with their versions, which Package.swift pins, the image that ours begins with, and what comes on top of it from
Debian, and from PyPI, by name: their fixes come in with each build. The document has all of it, that image's own packages included. SwiftNIO, and all that brings it, is refused wherever it comes from: the server is on plain sockets (docs/adr).
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = ROOT / "deploy" / "sbom" / "dependencies.txt"
LAMBDA = ROOT / "deploy" / "lambda" / "rotate_database_user" / "requirements.txt"
FORBIDDEN = re.compile(r"(^|/)(swift-nio|swift-nio-.*|async-http-client|vapor|hummingbird|postgres-nio)$")
# Lines of the list that only an image can tell of.
IN_IMAGE = ("debian ", "image ")
HEADER = """\
# What the shop is made of that others wrote. A change of it is seen in review: make infra-test and make image-test fail until this
# list says so too (deploy/sbom/sbom update, with --image for what the image holds). Swift packages with their version; Debian's, on top of the
# image that ours begins with, and PyPI's by name, since their fixes come in with each build.
"""


class Fault(Exception):
    pass


def output(*command, **options):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout
    except FileNotFoundError as error:
        raise Fault(f"{command[0]} is needed and was not found: install it.") from error
    except subprocess.CalledProcessError as error:
        raise Fault(f"{' '.join(map(str, command))} failed: {error.stderr.strip()[-800:]}") from error


def swift_packages():
    """Each package once, as (name, version, URL, revision, names of what it needs); the pins of Package.swift are exact."""
    manifest = json.loads(output("swift", "package", "dump-package", cwd=ROOT))
    for dependency in manifest["dependencies"]:
        for source in dependency.get("sourceControl", []):
            if "exact" not in source["requirement"]:
                raise Fault(f"Package.swift does not pin {source['identity']} to an exact version: write exact: \"…\".")
    tree = json.loads(output("swift", "package", "show-dependencies", "--format", "json", cwd=ROOT))
    revisions = {}
    resolved = ROOT / "Package.resolved"
    if resolved.exists():
        revisions = {pin["identity"]: pin["state"].get("revision") for pin in json.loads(resolved.read_text())["pins"]}
    found = {}

    def walk(node):
        for child in node["dependencies"]:
            found[child["identity"]] = {
                "kind": "swift", "name": child["identity"], "version": child["version"], "url": child["url"].removesuffix(".git"),
                "revision": revisions.get(child["identity"]), "needs": sorted(inner["identity"] for inner in child["dependencies"]),
            }
            walk(child)

    walk(tree)
    return [found[name] for name in sorted(found)]


def pypi_packages():
    """What pip would install for the Lambda, without installing it."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        output(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run", "--ignore-installed",
               "--report", str(report), "--requirement", str(LAMBDA))
        items = json.loads(report.read_text())["install"]
    found = []
    for item in items:
        name = re.sub(r"[-_.]+", "-", item["metadata"]["name"]).lower()
        found.append({"kind": "pypi", "name": name, "version": item["metadata"]["version"], "url": None, "revision": None, "needs": [],
                      "licence": item["metadata"].get("license_expression")})
    return sorted(found, key=lambda package: package["name"])


def container_engine():
    engine = next((name for name in ("podman", "docker") if shutil.which(name)), None)
    if engine is None:
        raise Fault("podman or docker is needed to look into an image, and neither was found.")
    return engine


def image_packages(image):
    """The image that this one begins with, and the Debian packages; those that came on top of it are marked as added."""
    base = output(container_engine(), "image", "inspect", "--format", '{{index .Config.Labels "org.opencontainers.image.base.name"}}', image).strip()
    if not base:
        raise Fault(f"{image} does not say what it begins with (org.opencontainers.image.base.name): is it the image that the Dockerfile makes?")
    of_base = {package["name"] for package in debian_packages(base)}
    packages = [{**package, "added": package["name"] not in of_base} for package in debian_packages(image)]
    return [{"kind": "image", "name": base, "version": None, "needs": []}, *packages]


def debian_packages(image):
    """What dpkg knows inside the image, read from its files: nothing of it is run."""
    with tempfile.TemporaryDirectory() as folder:
        status = pathlib.Path(folder) / "status"
        engine = container_engine()
        options = ["--runtime", "runc", "--cgroup-manager=cgroupfs"] if engine == "podman" and os.geteuid() == 0 and shutil.which("runc") else []
        container = output(engine, *options, "create", "--network", "none", image).strip().splitlines()[-1]
        try:
            output(engine, "cp", f"{container}:/var/lib/dpkg/status", str(status))
        finally:
            output(engine, "rm", "--force", container)
        text = status.read_text()
    found = []
    for paragraph in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", paragraph, re.M))
        if fields.get("Status", "").endswith(" installed"):
            found.append({"kind": "debian", "name": fields["Package"], "version": fields["Version"], "url": None, "revision": None,
                          "needs": [], "architecture": fields["Architecture"]})
    if not found:
        raise Fault(f"{image} has no Debian packages: is it the image that the Dockerfile makes?")
    return sorted(found, key=lambda package: package["name"])


def line(package):
    return f"{package['kind']} {package['name']}" + (f" {package['version']}" if package["kind"] == "swift" else "")


def lines(packages):
    return {line(package) for package in packages if package.get("added", True)}


def listed():
    if not LIST.exists():
        return []
    return [text for text in LIST.read_text().splitlines() if text and not text.startswith("#")]


def purl(package):
    if package["kind"] == "swift":
        return f"pkg:swift/{package['url'].split('://')[-1]}@{package['version']}"
    if package["kind"] == "pypi":
        return f"pkg:pypi/{package['name']}@{package['version']}"
    return f"pkg:deb/debian/{package['name']}@{package['version'].replace('+', '%2B').replace(':', '%3A')}?arch={package['architecture']}&distro=debian-12"


def document(packages, version):
    packages = [package for package in packages if package["kind"] != "image"]
    components, dependencies = [], []
    by_name = {package["name"]: purl(package) for package in packages if package["kind"] == "swift"}
    for package in packages:
        reference = purl(package)
        component = {"type": "library", "bom-ref": reference, "name": package["name"], "version": package["version"], "purl": reference}
        if package["kind"] == "swift":
            reference_to_source = {"type": "vcs", "url": package["url"]}
            if package["revision"]:
                reference_to_source["comment"] = f"revision {package['revision']}"
            component["externalReferences"] = [reference_to_source]
        if package.get("licence"):
            component["licenses"] = [{"expression": package["licence"]}]
        components.append(component)
        dependencies.append({"ref": reference, "dependsOn": [by_name[name] for name in package["needs"]]})
    root = "pkg:generic/shop@" + version
    inner = {needed for package in packages for needed in package["needs"]}
    direct = [purl(package) for package in packages if package["kind"] != "swift" or package["name"] not in inner]
    moment = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", datetime.datetime.now().timestamp())), datetime.timezone.utc)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {"type": "application", "bom-ref": root, "name": "shop", "version": version, "purl": root},
        },
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": direct}, *dependencies],
    }


def compare(found, with_image):
    known = set(listed())
    if not with_image:
        known = {text for text in known if not text.startswith(IN_IMAGE)}
    now = lines(found)
    return [f"+ {text}" for text in sorted(now - known)] + [f"- {text}" for text in sorted(known - now)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["check", "update", "write"])
    parser.add_argument("file", nargs="?", type=pathlib.Path, help="where write writes to")
    parser.add_argument("--image", help="an image that podman or docker has here")
    parser.add_argument("--version", default="unknown", help="the shop's own, for write")
    arguments = parser.parse_args()
    if (arguments.action == "write") != (arguments.file is not None):
        parser.error("a file belongs to write, and to write alone")

    packages = swift_packages() + pypi_packages() + (image_packages(arguments.image) if arguments.image else [])
    refused = [package["name"] for package in packages if FORBIDDEN.search(package["name"])]
    if refused:
        raise Fault(f"{', '.join(refused)}: the shop's server does without SwiftNIO and what is built on it. Remove what brings it in.")
    if arguments.action == "check":
        changes = compare(packages, bool(arguments.image))
        if changes:
            how = f"deploy/sbom/sbom update{' --image IMAGE' if arguments.image else ''}"
            raise Fault("\n".join(["Dependencies are not those of deploy/sbom/dependencies.txt:", *changes,
                                   f"Say in review why, and write the list: {how}"]))
        print(f"{len(packages)} dependencies are those that are listed; none is SwiftNIO or built on it.")
    elif arguments.action == "update":
        kept = [] if arguments.image else [text for text in listed() if text.startswith(IN_IMAGE)]
        LIST.write_text(HEADER + "\n".join(sorted(lines(packages) | set(kept))) + "\n")
        print(f"Wrote {LIST.relative_to(ROOT)}")
    else:
        arguments.file.parent.mkdir(parents=True, exist_ok=True)
        arguments.file.write_text(json.dumps(document(packages, arguments.version), indent=1) + "\n")
        print(f"Wrote {arguments.file}: {len(packages)} components")
    return 0


try:
    sys.exit(main())
except Fault as fault:
    print(fault, file=sys.stderr)
    sys.exit(1)
