# Cases of the rules for Python in scripts.yaml: semgrep --test reads them, nothing runs them.
import os
import ssl
import subprocess

import yaml


def cases(name, cursor, context, requests, text):
    # ruleid: python-no-shell
    subprocess.run(f"ls {name}", shell=True, check=True)
    # ruleid: python-no-shell
    os.system("ls " + name)
    # ok: python-no-shell
    subprocess.run(["ls", name], check=True)

    # ruleid: python-tls-is-checked
    context.verify_mode = ssl.CERT_NONE
    # ruleid: python-tls-is-checked
    requests.get("https://shop.example", verify=False)
    # ok: python-tls-is-checked
    requests.get("https://shop.example")

    # ruleid: python-yaml-is-safe
    yaml.load(text)
    # ok: python-yaml-is-safe
    yaml.safe_load(text)

    # ruleid: python-sql-is-constant
    cursor.execute(f"SELECT {name}")
    # ruleid: python-sql-is-constant
    cursor.execute("SELECT " + name)
    # ok: python-sql-is-constant
    cursor.execute("SELECT :name", name=name)
