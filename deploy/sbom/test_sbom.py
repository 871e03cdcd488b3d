"""What the list of dependencies lets pass and what it refuses. Package.swift is another one here; SwiftPM's answers are by rote."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(__file__).with_name("sbom.py")
URL = "https://github.com/apple/"


def node(name, version, *needs):
    return {"identity": name, "name": name, "url": f"{URL}{name}.git", "version": version, "path": "", "dependencies": list(needs)}


class ListTest(unittest.TestCase):
    def check(self, *dependencies, requirement="exact"):
        """As `sbom check` ends where the shop needs these."""
        manifest = {"dependencies": [
            {"sourceControl": [{"identity": dependency["identity"], "requirement": {requirement: [dependency["version"]]}}]} for dependency in dependencies]}
        with tempfile.TemporaryDirectory() as folder:
            answers = {"dump-package": manifest, "show-dependencies": node("shop", "unspecified", *dependencies)}
            for name, answer in answers.items():
                pathlib.Path(folder, name).write_text(json.dumps(answer))
            swift = pathlib.Path(folder, "swift")
            swift.write_text(f'#!/bin/sh\ncat "{folder}/$2"\n')
            swift.chmod(0o755)
            environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
            return subprocess.run([sys.executable, str(PROGRAM), "check"], capture_output=True, text=True, env=environment, timeout=120, check=False)

    known = [node("swift-argument-parser", "1.8.2"), node("swift-distributed-tracing", "1.7.3"), node("swift-log", "1.16.2"), node("swift-metrics", "2.13.0")]

    def test_what_is_listed_passes(self):
        result = self.check(*self.known)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_a_new_dependency_fails_until_it_is_listed(self):
        result = self.check(*self.known, node("swift-crypto", "3.0.0"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("+ swift swift-crypto 3.0.0", result.stderr)

    def test_a_new_version_and_one_that_is_gone_fail(self):
        result = self.check(self.known[0], node("swift-log", "1.17.0"))
        self.assertEqual(result.returncode, 1)
        for line in ("+ swift swift-log 1.17.0", "- swift swift-log 1.16.2", "- swift swift-metrics 2.13.0"):
            self.assertIn(line, result.stderr)

    def test_swiftnio_is_refused_also_where_another_package_brings_it_in(self):
        result = self.check(*self.known, node("some-client", "1.0.0", node("swift-nio-ssl", "2.0.0", node("swift-nio", "2.0.0"))))
        self.assertEqual(result.returncode, 1)
        self.assertIn("swift-nio, swift-nio-ssl: the shop's server does without SwiftNIO", result.stderr)

    def test_a_version_that_is_not_exact_is_refused(self):
        result = self.check(*self.known, requirement="range")
        self.assertEqual(result.returncode, 1)
        self.assertIn("does not pin swift-argument-parser to an exact version", result.stderr)


if __name__ == "__main__":
    unittest.main()
