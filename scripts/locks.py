"""Which lists make which lock, and the hash that ties them together."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCKS = {"runtime": ("runtime.in", "setup.in"), "dev": ("dev.in",), "setup": ("setup.in",)}
READS = {"dev.in": ("dev.in", "runtime.in", "setup.in")}


def inputs_hash(lock: str) -> str:
    """The hash of all the lists a lock was resolved from, comments and blank lines left out."""
    digest = hashlib.sha256()
    for source in LOCKS[lock]:
        for name in READS.get(source, (source,)):
            lines = (REQUIREMENTS / name).read_text().splitlines()
            wanted = [line.partition("#")[0].strip() for line in lines]
            digest.update("\n".join(sorted(filter(None, wanted))).encode() + b"\0")
    return "sha256:" + digest.hexdigest()


def recorded_hash(lock: str) -> str:
    """What the lock says it was made from; empty when it says nothing."""
    for line in (REQUIREMENTS / f"{lock}.lock").read_text().splitlines()[:3]:
        if line.startswith("# inputs: "):
            return line.removeprefix("# inputs: ")
    return ""
