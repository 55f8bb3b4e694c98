#!/usr/bin/env python3
"""Looks for better settings than those that charlm chooses, by a random search under the same budget.

    Benchmarks/search.py plan FOLDER [--budget 30s]
    Benchmarks/search.py run FOLDER [--budget 30s] [--tries 20] [--only NAME,…]
    Benchmarks/search.py table FOLDER [--budget 30s]

Each FOLDER/NAME.txt is divided in 90 / 5 / 5 at ends of lines: trained on the first part, chosen by the second; figures
are of the third.

plan asks charlm what it would train in this time. The machine should be idle; what it answers counts for all tries.

run trains what charlm chooses three times, with seeds 1 to 3, and then as many draws: each changes some of the choices
at random, those that matter most more often. One that does not learn is noted as such. A draw gets as many steps as it
would make in the time in which charlm's choice makes its own: the speeds of both are measured in turn, so that a
machine that becomes slower counts for neither. A draw depends on the text's name and its number alone. Results go into
FOLDER/search.jsonl one by one; what is there is not trained again.

table prints, in Markdown, what charlm chooses (mean and range of three seeds), the best draw by the second part,
trained again with seeds 2 and 3 (the first has chosen it), and what it changed.
"""
import argparse
import collections
import json
import math
import os
import random
import statistics
import subprocess
import sys

import texts

PLANS, RESULTS = "search-plans.json", "search.jsonl"
SEEDS = (1, 2, 3)


def speed(folder, name, settings, budget):
    """Trained tokens a second."""
    given = {key: value for key, value in settings.items() if key != "steps"}
    return texts.report(*texts.train_command(folder, name), *texts.options(given), "--budget", budget, "--dry-run",
                        "--model", os.path.join(folder, "none.safetensors"))["train_tokens_per_second"]


# Draws

def drawn(name, number, chosen):
    """What a draw changes: at least one choice."""
    draw = random.Random(f"{name}/{number}")
    hidden = max(32, round(chosen["hidden"] * 2 ** draw.uniform(-1, 1) / 32) * 32)
    batch = max(1, round(chosen["batch"] * 2 ** draw.choice((-2, -1, 1))))
    changes = {
        "cell": draw.choice(("gru", "gru", "rnn")),
        "layers": draw.choice((2, 2, 3)),
        "hidden": hidden,
        "embedding": draw.choice((32, 64, 256)),
        "batch": batch,
        "bptt": draw.choice((32, 96, 128)),
        "learning-rate": float(f"{chosen['learning-rate'] * 2 ** draw.gauss(0, 0.8):.2g}"),
        "dropout": round(draw.uniform(0, 0.6), 2),
        "embedding-dropout": draw.choice((0, 0.05, 0.1, 0.2)),
        "weight-drop": draw.choice((0, 0.1, 0.2, 0.4)),
        "ar": draw.choice((0, 1, 4)),
        "optimizer": "adamw",
        "layer-norm": True,
        "tied": True,
        "weight-decay": draw.choice((0, 0.01, 0.3)),
        "mogrify": draw.choice((0, 2)),
        "warmup": draw.choice((10, 150)),
    }
    likelihood = {"hidden": 0.4, "batch": 0.35, "learning-rate": 0.4, "dropout": 0.35}
    while True:
        taken = {key: value for key, value in changes.items() if draw.random() < likelihood.get(key, 0.12)}
        if any(chosen.get(key) != value for key, value in taken.items()):
            return taken


def records(folder):
    return texts.records(folder, RESULTS)


def trained(folder, name, settings, seed):
    """Nats a token of the second and the third part; infinite where the settings do not learn."""
    model = os.path.join(folder, "parts", f"search-{name}.safetensors")
    try:
        return losses(folder, name, settings, seed, model)
    except subprocess.CalledProcessError as error:
        return {"second": math.inf, "third": math.inf, "error": error.stderr.decode(errors="replace")[-300:]}


def losses(folder, name, settings, seed, model):
    result = texts.report(*texts.train_command(folder, name), *texts.options(settings), "--random-seed", seed,
                          "--model", model, "--overwrite")
    third = texts.report(texts.CHARLM, "eval", texts.parts(folder, name)[2], "--model", model)
    return {"second": result["valid_nats_stateful"], "third": third["nats_per_token"]}


def run(folder, budget, tries, only):
    chosen = texts.plans(folder, PLANS)[budget]
    done = {(record["text"], record["budget"], record["number"], record["seed"]) for record in records(folder)}

    def add(name, number, seed, changes):
        if (name, budget, number, seed) in done:
            return
        settings = {**chosen[name], **changes}
        if "embedding" in changes and not changes.get("tied"):
            settings.pop("tied", None)
        elif settings.get("tied"):
            settings["embedding"] = settings["hidden"]
        if changes and "steps" not in changes:
            # One measurement in turn takes half a second, and is off by a tenth and more on a busy machine.
            ratios = []
            for _ in range(4):
                own = speed(folder, name, settings, budget)
                ratios.append(own / speed(folder, name, chosen[name], budget))
            tokens = lambda of: of["batch"] * of["bptt"]
            settings["steps"] = max(20, round(chosen[name]["steps"] * statistics.median(ratios) * tokens(chosen[name])
                                              / tokens(settings)))
        record = {"text": name, "budget": budget, "number": number, "seed": seed, "changes": changes,
                  "settings": settings, **trained(folder, name, settings, seed)}
        with open(os.path.join(folder, RESULTS), "a") as file:
            file.write(json.dumps(record) + "\n")
        print(json.dumps(record), flush=True)

    wanted = [name for name in chosen if not only or name in only]
    for number in range(tries + 1):
        for name in wanted:
            for seed in SEEDS if number == 0 else (1,):
                add(name, number, seed, drawn(name, number, chosen[name]) if number else {})
    for name in wanted:
        best = best_draw(folder, budget, name)
        for seed in SEEDS[1:] if best else ():
            add(name, best["number"], seed, {**best["changes"], "steps": best["settings"]["steps"]})


def best_draw(folder, budget, name):
    draws = [record for record in records(folder)
             if record["text"] == name and record["budget"] == budget and record["number"] and record["seed"] == 1]
    return min(draws, key=lambda record: record["second"], default=None)


def table(folder, budget):
    of = collections.defaultdict(list)
    for record in records(folder):
        if record["budget"] == budget:
            of[record["text"]].append(record)
    print("| text | tries | chosen | range | best draw | difference | it changed |\n|---|---:|---:|---:|---:|---:|---|")
    for name, found in of.items():
        best = best_draw(folder, budget, name)
        if not best:
            continue
        thirds = lambda number: [record["third"] for record in found if record["number"] == number]
        chosen = thirds(0)
        other = [record["third"] for record in found
                 if record["number"] == best["number"] and record["seed"] != 1] or thirds(best["number"])
        changed = ", ".join(f"{key} {value}" for key, value in best["changes"].items())
        print(f"| {name} | {len({record['number'] for record in found}) - 1} | {statistics.mean(chosen):.3f} | "
              f"{max(chosen) - min(chosen):.3f} | {statistics.mean(other):.3f} | "
              f"{statistics.mean(other) - statistics.mean(chosen):+.3f} | {changed} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("plan", "run", "table"))
    parser.add_argument("folder")
    parser.add_argument("--budget", default="30s")
    parser.add_argument("--tries", type=int, default=20)
    parser.add_argument("--only", type=lambda names: names.split(","))
    given = parser.parse_args()
    if given.command == "plan":
        texts.plan(given.folder, given.budget, PLANS)
    elif given.command == "run":
        run(given.folder, given.budget, given.tries, given.only)
    else:
        table(given.folder, given.budget)


if __name__ == "__main__":
    sys.exit(main())
