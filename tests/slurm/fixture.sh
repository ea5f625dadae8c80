# A virtual Slurm cluster for one test, and what tests do with it. Sourced by the tests of this directory, which run in an
# empty directory of their own with $CARDSEG, $CARDSEG_MPIRUN and $CARDSEG_SOURCE set (see tests/CMakeLists.txt).
# shellcheck shell=bash
set -euo pipefail

virtual_cluster=$CARDSEG_SOURCE/tests/slurm/virtual_cluster
# shellcheck disable=SC2034 # for the tests
scripts=$CARDSEG_SOURCE/slurm
PATH=$PATH:/usr/sbin:/sbin
nodes=4 cores=2

skip() {
  printf '\n*** SKIPPED: no virtual Slurm cluster: %s ***\nDebian: apt-get install slurmctld slurmd slurm-client munge iproute2 util-linux\n' "$1"
  exit 77
}

fail() {
  printf 'FAILED: %s\n' "$1"
  if [[ -n ${cluster:-} ]]; then
    in_cluster squeue --all --states=all || true
    tail -n 40 ./*.log ./*/*.log "$cluster"/log/slurm*.log 2>/dev/null || true
  fi
  exit 1
}

expect() { # what should hold, command...
  "${@:2}" || fail "$1"
  printf -- '-- %s\n' "$1"
}

# A cluster of $nodes nodes with $cores cores each, gone when the test ends. A function extra_conf of the test says what to
# change in slurm.conf: the last value of a key counts.
start_cluster() {
  local program
  for program in slurmctld slurmd sbatch munged ip unshare nsenter; do
    command -v "$program" >/dev/null || skip "$program is not installed"
  done
  cluster=$(mktemp -d /tmp/vc.XXXXXX)
  chmod 755 "$cluster"
  trap stop_cluster EXIT
  if declare -F extra_conf >/dev/null; then extra_conf >"$cluster/extra.conf"; fi
  "$virtual_cluster" up "$cluster" "$nodes" "$cores" >cluster.out 2>&1 || skip "$(tail -n 3 cluster.out)"
}

stop_cluster() {
  "$virtual_cluster" down "$cluster" || true
  rm -rf "$cluster"
}

# What jobs inherit. Ranks share this machine's cores and must yield them; root may be who tests.
export OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_pml=ob1 OMPI_MCA_btl=self,vader,tcp
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMP_NUM_THREADS=1
unset CARDSEG_SITE CARDSEG_SCRIPTS CARDSEG_LAUNCHER CARDSEG_MAX_REQUEUES CARDSEG_CONSTANTS

in_cluster() { "$virtual_cluster" exec "$cluster" "$@"; }

submit() { in_cluster sbatch --parsable "$@"; } # prints the job's number

# A field of `scontrol show job`.
job_field() { # number, field
  in_cluster scontrol --oneliner show job "$1" | head -n 1 | tr ' ' '\n' | sed -n "s/^$2=//p" | head -n 1
}

job_state() { job_field "$1" JobState; }

# "0:0" and the like: code:signal.
job_exit_code() { job_field "$1" ExitCode; }

# Waits until a job is in one of the states; fails the test where it ends in another or takes too long.
wait_for_state() { # number, states as A|B
  local state='' tries
  for ((tries = 0; tries < 1500; ++tries)); do
    state=$(job_state "$1")
    [[ ! $state =~ ^($2)$ ]] || return 0
    [[ ! $state =~ ^(COMPLETED|FAILED|CANCELLED|TIMEOUT|NODE_FAIL|OUT_OF_MEMORY)$ ]] ||
      fail "job $1 is $state (exit code $(job_exit_code "$1")), not $2"
    sleep 0.2
  done
  fail "job $1 is still $state, not $2"
}

signal_job() { in_cluster scancel --signal="$2" "$1"; } # number, signal: to the ranks
node_crash() { "$virtual_cluster" crash "$cluster" "$1"; }
node_boot() { "$virtual_cluster" boot "$cluster" "$1"; }

# portfolio/ of some customers in 3 shards, and alone/: what one process makes of it.
make_portfolio() { # customers
  "$CARDSEG" generate --quiet --customers "$1" --rows-per-shard $(($1 / 3 + 1)) --output portfolio >/dev/null 2>&1
  fit_options=(--shards portfolio/shards --description portfolio/description.ini --segments 6 --restarts 2 --max-iterations 20)
  "$CARDSEG" fit --quiet "${fit_options[@]}" --output alone >/dev/null 2>&1
}

# Every file of a run but run.json and the records of jobs.
same_results() { # one run, another
  diff --recursive --brief --exclude=run.json --exclude='job-*.txt' "$1" "$2"
}
