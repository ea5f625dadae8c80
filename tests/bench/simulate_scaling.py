#!/usr/bin/env python3
"""Scaling beyond the machine: the program itself, unmodified, on up to 1,024 simulated ranks (SimGrid's SMPI).

    apt-get install libsimgrid-dev
    tests/bench/simulate_scaling.py [--ranks 16,64,256,1024] [--fit-up-to 256] [--computing] [--collectives ompi]

Builds the program with smpicxx into build/simgrid, then runs `cardseg scaling --kind weak` with as many simulated ranks, one OpenMP
thread each, one a node of tests/slurm/simgrid-cluster.xml. Prints the simulated time of an iteration beside what the study's model
says that is fit to up to --fit-up-to ranks: of more ranks that is a prediction. What is found of every number of customers must be the
bytes that one real process finds. 1,024 ranks take some minutes.

What is real: every instruction of the program; every message, its size and the algorithm that carries it (SMPI has those of several MPI
libraries: --collectives mpich or ompi, Open MPI's own choice by tables). Computing is done on this machine, one rank after
another. By default it then takes no simulated time: messages alone are left, and the numbers are the same each time. With --computing it
is simulated 1:1, with all that disturbs this machine: an iteration waits for the slowest of p ranks, so on a busy machine what disturbs
one of a thousand is most of what is seen.
What the simulation leaves out: what MPI itself costs on the processor (overhead, copies), protocols of a real network (eager and
rendezvous, adaptive routing, losses), congestion beyond links and backbone, ranks that share a node's memory bandwidth (each has this
machine's caches and bandwidth to itself, and finds its customers evicted from the caches by the others'), threads, files. It shows
how messages and waiting grow with ranks on the network described; it proves no speed of a cluster.
"""
import argparse, json, os, pathlib, shutil, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLATFORM = ROOT / "tests/slurm/simgrid-cluster.xml"


def build(directory):
    program = directory / "jobs/cardseg"
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    if not (directory / "build.ninja").exists():
        # While CMake looks at the compiler, smpicxx pretends to be an ordinary one.
        subprocess.run(["cmake", "-S", ROOT, "-B", directory, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_C_COMPILER=smpicc",
                        "-DCMAKE_CXX_COMPILER=smpicxx", "-DCMAKE_C_FLAGS=-fPIC", "-DCMAKE_CXX_FLAGS=-fPIC", "-DCARDSEG_TESTS=OFF"],
                       env={**os.environ, "SMPI_PRETEND_CC": "1"}, **quiet)
    subprocess.run(["nice", "cmake", "--build", directory, "-j2", "--target", "cardseg"], **quiet)
    return program


def study_options(options, customers):
    return ["--customers", str(customers), "--features", str(options.features), "--segments", str(options.segments), "--iterations",
            str(options.iterations), "--threads", "1", "--quiet", "--overwrite"]


def simulate(program, options, ranks, directory):
    """The study of these numbers of ranks, with as many simulated ranks as the largest."""
    hosts = directory / "hosts"
    hosts.write_text("".join(f"node-{i}\n" for i in range(ranks[-1])))
    output = directory / f"r{ranks[-1]}"
    command = ["smpirun", "-np", str(ranks[-1]), "-hostfile", str(hosts), "-platform", str(PLATFORM), *options.smpi, str(program), "scaling",
               "--kind", "weak", "--ranks", ",".join(map(str, ranks)), "--repeat", str(options.repeat), "--output", str(output),
               *study_options(options, options.customers)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}, timeout=options.timeout)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    print(f"{ranks[-1]} ranks simulated in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return json.loads((output / "scaling.json").read_text())


def real_digest(options, customers, directory):
    """What the ordinary program finds of as many customers in one process."""
    subprocess.run([options.cardseg, "scaling", "--repeat", "1", "--output", str(directory / "real"), *study_options(options, customers)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return json.loads((directory / "real/scaling.json").read_text())["points"][0]["sha256"]


def smpi_options(options):
    """Computing 1:1 or in no time; the network as it is described, without SMPI's factors for gigabit Ethernet; no copy of the program's globals for
    each rank: what ranks share of them is the same for all (choice of kernels, log)."""
    return ["-no-privatize", "--cfg=smpi/host-speed:1Gf", "--cfg=smpi/bw-factor:0:1", "--cfg=smpi/lat-factor:0:1",
            f"--cfg=smpi/coll-selector:{options.collectives}", f"--cfg=smpi/simulate-computation:{'yes' if options.computing else 'no'}",
            "--log=root.threshold:warning"]


def print_study(options, fitted, points, same):
    model = fitted["model"]
    work = options.customers * options.features * options.segments
    print(f"{options.customers} customers a rank, {options.features} features, {options.segments} segments, collectives of {options.collectives}; "
          f"model fit to {model['fitted_ranks']} ranks: {1e6 * model['comparison_s'] * work:.1f} us + {1e6 * (model['step_s'] or 0):.2f} us * "
          f"ceil(log2 p), off by {100 * model['relative_error']:.1f} %")
    print("  ranks  simulated us  assign  communicate  update  model us  model/simulated  calls  bytes  same bytes as one process")
    for p in points:
        predicted = model["comparison_s"] * work + (model["step_s"] or 0) * (p["ranks"] - 1).bit_length()
        print(f"{p['ranks']:>7} {1e6 * p['median_s']:>13.1f} {1e6 * p['assign_s']:>7.1f} {1e6 * p['communicate_s']:>12.1f} "
              f"{1e6 * p['update_s']:>7.1f} {1e6 * predicted:>9.1f} {predicted / p['median_s']:>16.2f} {p['messages']:>6.2g} {p['bytes']:>6.0f}  "
              f"{'yes' if same[p['ranks']] else 'NO'}{'' if p['ranks'] <= options.fit_up_to else '   (predicted)'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cardseg", default=ROOT / "build/release/jobs/cardseg", help="the ordinary program, to compare bytes with")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/simgrid", help="where the simulated program is built")
    parser.add_argument("--ranks", default="16,64,256,1024")
    parser.add_argument("--fit-up-to", type=int, default=256, help="the model is fit to as many ranks at most")
    parser.add_argument("--computing", action="store_true", help="computing takes simulated time, as long as it takes here")
    parser.add_argument("--collectives", default="mpich", help="mpich: recursive doubling at these sizes; ompi: Open MPI's tables")
    parser.add_argument("--customers", type=int, default=2000, help="of each rank")
    parser.add_argument("--features", type=int, default=20)
    parser.add_argument("--segments", type=int, default=16)
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one number of ranks")
    options = parser.parse_args()
    if not shutil.which("smpicxx"):
        sys.exit("there is no smpicxx: apt-get install libsimgrid-dev")
    options.smpi = smpi_options(options)
    program = build(options.build)
    ranks = sorted(map(int, options.ranks.split(",")))
    few = [p for p in ranks if p <= options.fit_up_to] or ranks[:1]
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        fitted = simulate(program, options, few, directory)
        points = fitted["points"] + [simulate(program, options, [p], directory)["points"][0] for p in ranks if p not in few]
        same = {p["ranks"]: p["sha256"] == real_digest(options, p["customers"], directory) for p in points}
    print_study(options, fitted, points, same)
    sys.exit(0 if all(same.values()) else 1)


if __name__ == "__main__":
    main()
