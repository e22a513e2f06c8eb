"""Times candidates against each other: interleaved, in shuffled order, as ratios within each round."""

from __future__ import annotations

import gc
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = int(os.environ.get("ROUNDS", "9"))
_SAMPLE = 0.05


def cpu_of(code: str) -> float:
    """User and system CPU seconds of one fresh interpreter."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def processes(title: str, base: str, candidates: dict[str, str], aims: Mapping[str, str]) -> None:
    """One table of fresh processes; the bare interpreter is taken off every row."""
    for code in candidates.values():
        cpu_of(code)
    samples: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        bare = min(cpu_of("pass") for _ in range(2))
        for name in random.sample(list(candidates), len(candidates)):
            samples[name].append(max(cpu_of(candidates[name]) - bare, 1e-4))
    show(title, base, samples, aims)


def calls(title: str, base: str, candidates: dict[str, Callable[[], Any]], aims: Mapping[str, str]) -> None:
    """One table of calls inside this process; every row holds the same cost of the loop around it."""
    samples: dict[str, list[float]] = {name: [] for name in candidates}
    counts = {name: _count(call) for name, call in candidates.items()}
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        for name in random.sample(list(candidates), len(candidates)):
            samples[name].append(_timed(candidates[name], counts[name]))
    gc.unfreeze()
    show(title, base, samples, aims)


def _timed(call: Callable[[], Any], count: int) -> float:
    began = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - began) / count


def _count(call: Callable[[], Any]) -> int:
    call()
    count = 1
    while (took := _timed(call, count) * count) < _SAMPLE / 5:
        count *= 4
    return max(1, int(count * _SAMPLE / took))


def show(title: str, base: str, samples: dict[str, list[float]], aims: Mapping[str, str]) -> None:
    print(f"\n{title}  (1 = {base})")
    width = max(map(len, samples))
    for name, values in samples.items():
        ratio = statistics.median(a / b for a, b in zip(values, samples[base], strict=True))
        middle = statistics.median(values)
        shown = f"{middle * 1e3:9.2f} ms" if middle > 1e-3 else f"{middle * 1e6:9.3f} µs"
        aim = f"   aim: {aims[name]}" if name in aims else ""
        print(f"  {name:<{width}}  {shown}   x{ratio:.2f}{aim}")
    sys.stdout.flush()
