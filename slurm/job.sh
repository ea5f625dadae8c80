# What every sbatch script of this directory shares: source it, then `run_cardseg JOB [options]`. Not to be run by itself.
#
# Read from the environment (sbatch hands it on; slurm/submit sets it):
#   CARDSEG               the program; default: cardseg on PATH, after the site file
#   CARDSEG_SITE          file with what this site needs (module load ..., export TMPDIR=...); default: site.sh beside
#                         these scripts, where it exists
#   CARDSEG_MAX_REQUEUES  how often a job that stopped with a checkpoint is run again; default 20
#   CARDSEG_LAUNCHER      auto (srun where it has pmix, else mpirun), srun or mpirun
#   CARDSEG_SCRIPTS       this directory; a job runs a copy of its script elsewhere, so submit says where it was
# shellcheck shell=bash
set -uo pipefail
umask 077

stopped_with_checkpoint=75 failed_mpi=71

say() { printf '%s slurm: %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

load_site() {
  local site=${CARDSEG_SITE:-${CARDSEG_SCRIPTS:-}/site.sh}
  if [[ -n ${CARDSEG_SITE:-} && ! -r $site ]]; then
    say "the site file $site (CARDSEG_SITE) cannot be read"
    exit 66
  fi
  local strict=$-
  set +eu # modules and profiles of sites are not written for them
  # shellcheck source=/dev/null
  [[ ! -r $site ]] || source "$site"
  set -u
  [[ $strict != *e* ]] || set -e
  program=${CARDSEG:-cardseg}
  if ! command -v "$program" >/dev/null; then
    say "there is no program '$program': set CARDSEG, or PATH in the site file (CARDSEG_SITE)"
    exit 66
  fi
}

# The comment at the head of a script, which is its help.
show_head() { sed -n '2,/^[^#]/s/^# \?//p' "$1"; }

# Ends where the program would refuse a job's options, with its message and exit code: before anything waits in a queue.
check_options() { # JOB [options]
  local job=$1 code=0
  shift
  "$program" "$job" "$@" --print-config >/dev/null || code=$?
  ((code == 0)) || exit "$code"
}

# `node_options` for `cardseg plan`: the least cores and memory of a node in the partition. Without Slurm at hand, none.
node_facts() { # options of sbatch
  local partition facts
  node_options=()
  local partitions
  if ! partitions=$(sinfo --noheader --format=%P 2>/dev/null); then
    say 'no Slurm answers here (sinfo): planned for nodes with the cores of this machine, whatever their memory'
    return 0
  fi
  partition=$(option_value --partition -p "$@")
  [[ -n $partition ]] || partition=$(sed -n 's/\*$//p' <<<"$partitions" | head -n 1)
  facts=$(sinfo --noheader ${partition:+--partition="$partition"} --format='%c %m' | tr -d + |
    awk 'NF == 2 { if (!n || $1 < n) n = $1; if (!m || $2 < m) m = $2 } END { if (n) print n, m }')
  [[ -n $facts ]] || { say "sinfo lists no node of partition '$partition'"; exit 71; }
  node_options=(--cores-per-node "${facts% *}")
  if ((${facts#* } > 1)); then node_options+=(--memory-per-node "${facts#* }M"); fi # 1: this site does not say
}

# The directory that a job writes, wherever it was said: on the command line or in its --config.
output_of() { # JOB [options]
  local output
  output=$("$program" "$@" --print-config 2>/dev/null | sed -n 's/^output = //p')
  printf '%s' "$output"
}

# The value of an option, as "--output DIR", "--output=DIR" or "-o DIR".
option_value() { # long name, short name, then the words
  local long=$1 short=$2 value=''
  shift 2
  while (($#)); do
    case $1 in
      "$long"=*) value=${1#*=} ;;
      "$long" | "$short") value=${2:-} ;;
    esac
    shift
  done
  printf '%s' "$value"
}

# Words that start one process a task.
choose_launcher() {
  local how=${CARDSEG_LAUNCHER:-auto}
  if [[ $how == auto ]]; then
    if srun --mpi=list 2>&1 | grep -qw 'pmix\(_v[0-9]*\)\?'; then how=srun; else how=mpirun; fi
  fi
  local threads=${SLURM_CPUS_PER_TASK:-1}
  export OMP_NUM_THREADS=$threads
  # Ranks that wait do not take the core of one that works; the same transports everywhere.
  export OMPI_MCA_mpi_yield_when_idle=${OMPI_MCA_mpi_yield_when_idle:-1}
  # The tree by which Slurm 22.05 lets ranks wait for one another in MPI_Init lets some go too early on busy nodes: those
  # then send to ranks that cannot receive yet, which crash or hang.
  export SLURM_PMIX_FENCE=${SLURM_PMIX_FENCE:-ring}
  case $how in
    srun) launcher=(srun --mpi=pmix --cpus-per-task="$threads" --kill-on-bad-exit=0) ;; # 1 would lose the exit code
    mpirun)
      # Jobs of one user on one node share a directory of Open MPI, which one that ends may remove under one that starts.
      if [[ -z ${OMPI_MCA_orte_tmpdir_base:-} ]]; then
        mpi_directory=${TMPDIR:-/tmp}/cardseg-${SLURM_JOB_ID:-$$}
        export OMPI_MCA_orte_tmpdir_base=$mpi_directory
      fi
      launcher=(mpirun -n "${SLURM_NTASKS:-1}" --map-by "slot:PE=$threads" --bind-to core)
      # Debian's Open MPI refuses root, and so does a container's; the operator who submits as root means it.
      if ((EUID == 0)); then export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1; fi
      ;;
    *) say "CARDSEG_LAUNCHER cannot be '$how': auto, srun or mpirun"; exit 64 ;;
  esac
}

# job-<id>.txt in the run directory: what the job was, once for each start. Names of variables that may hold a secret
# are left out.
record_job() { # run directory, then the words
  local output=${1%/} record
  shift
  [[ -n $output ]] || return 0
  mkdir -p "$output"
  record=$output/job-${SLURM_ARRAY_JOB_ID:-${SLURM_JOB_ID:-none}}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}.txt
  {
    printf '== start %s of job %s, %s\n' "${SLURM_RESTART_COUNT:-0}" "${SLURM_JOB_ID:-none}" "$(date --iso-8601=seconds)"
    printf '== program\n%s\n%s\n' "$(command -v "$program")" "$("$program" --version)"
    printf '== commit\n%s\n' "$(git -C "$CARDSEG_SCRIPTS" rev-parse HEAD 2>/dev/null || echo unknown)"
    printf '== modules\n%s\n' "${LOADEDMODULES:-none}"
    printf '== command\n'; printf '%q ' "${launcher[@]}" "$program" "$@"; printf '\n'
    printf '== configuration\n'; "$program" "$@" --print-config 2>&1
    printf '== environment\n'
    env | grep -E '^(SLURM|OMP|OMPI_MCA|PMIX_MCA|CARDSEG|TMPDIR|LD_LIBRARY_PATH)' | grep -viE 'token|secret|passw|key' | sort
  } >>"$record" || say "the record $record could not be written"
}

# Whether another start would go on: the job says so; or MPI failed or a rank was killed (a node, its memory, MPI's own
# crashes at start), and there is a checkpoint.
can_go_on() { # exit code, run directory
  (($1 != stopped_with_checkpoint)) || return 0
  (($1 == failed_mpi || $1 >= 128)) && [[ -n $2 ]] && compgen -G "${2%/}/checkpoint.[01]" >/dev/null
}

# False where Slurm is ending the job: its owner cancelled it, or Slurm requeues it by itself. At the time limit it is ended,
# too, but nobody meant that.
is_wanted() {
  local job
  job=$(scontrol --oneliner show job "${SLURM_JOB_ID:?}")
  [[ $job == *JobState=RUNNING* || $job == *Reason=TimeLimit* ]]
}

# Runs the job again, later and perhaps elsewhere. Never returns.
requeue() { # exit code
  local restarts=${SLURM_RESTART_COUNT:-0} most=${CARDSEG_MAX_REQUEUES:-20} why
  if (($1 == stopped_with_checkpoint)); then
    why="exit code $1 is planned: the job stopped in time, with a checkpoint"
  else
    why="exit code $1 left a checkpoint"
  fi
  if ((restarts >= most)); then
    say "$why, but not run again after $restarts requeues (CARDSEG_MAX_REQUEUES=$most): submit it again to go on"
    exit "$1"
  fi
  say "$why: requeued to go on from there, $((most - restarts)) starts left"
  local id=${SLURM_JOB_ID:?}
  scontrol requeue "$id" || { say "job $id cannot be requeued: submit it again"; exit "$1"; }
  sleep 3600 # until Slurm ends this start
}

# Sees `ranks` and `early` of run_cardseg: a signal that comes before the ranks is kept for them.
hand_on() {
  if [[ -n $ranks ]]; then kill -"$1" "$ranks" 2>/dev/null; else early=$1; fi
  return 0
}

# The job, its signals and its exit code. SIGUSR1 (120 s before the limit) and SIGTERM go on to the ranks: srun hands
# them to every task by itself where Slurm sent them to the step; sent to this script alone, they are handed on here.
run_cardseg() { # JOB [options]
  load_site
  choose_launcher
  local output
  output=$(output_of "$@")
  record_job "$output" "$@"
  say "job ${SLURM_JOB_ID:-none}, start ${SLURM_RESTART_COUNT:-0}: $(printf '%q ' "${launcher[@]}" "$program" "$@")"
  local ranks='' early='' code
  trap 'hand_on USR1' USR1
  trap 'hand_on TERM' TERM
  "${launcher[@]}" "$program" "$@" &
  ranks=$!
  [[ -z $early ]] || hand_on "$early"
  while :; do # a trapped signal ends `wait` before the ranks end
    wait "$ranks"
    code=$?
    kill -0 "$ranks" 2>/dev/null || break
  done
  trap - USR1 TERM
  [[ -z ${mpi_directory:-} ]] || rm -rf "$mpi_directory"
  say "ended with exit code $code"
  if can_go_on "$code" "$output" && is_wanted; then requeue "$code"; fi
  return "$code"
}
