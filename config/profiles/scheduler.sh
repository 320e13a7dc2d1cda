#!/bin/sh
# What Snakemake's cluster-generic executor asks of a scheduler:
#   scheduler.sh submit slurm|lsf|sge OPTIONS... SCRIPT   prints the number of the new job
#   scheduler.sh status slurm|lsf|sge NUMBER              prints running, success or failed
# A scheduler that does not answer is asked again later; until then its jobs count as running.
set -u
task=$1 scheduler=$2
shift 2

status_slurm() {
  said=$(squeue --noheader --states=all --format=%T --jobs "$1" 2>&1) || case $said in
    *"Invalid job id"*) said=$(sacct --noheader --allocations --parsable2 --format=State --jobs "$1" 2>&1) ;;
    *) said=RUNNING ;;
  esac
  case $said in
    COMPLETED*) echo success ;;
    PENDING* | RUNNING* | CONFIGURING* | COMPLETING* | SUSPENDED* | STOPPED* | REQUEUE* | RESIZING* | SIGNALING* | STAGE_OUT*) echo running ;;
    *) echo failed ;;
  esac
}

status_lsf() {
  case $(bjobs -noheader -o stat "$1" 2>&1) in
    DONE*) echo success ;;
    EXIT* | *"is not found"*) echo failed ;;
    *) echo running ;;
  esac
}

status_sge() {
  case $(qstat -u "$(id -un)" 2>/dev/null || echo "$1 away") in
    *"$1 "*) echo running ;;
    *) if qacct -j "$1" 2>/dev/null | grep -q '^exit_status *0 *$'; then echo success; else echo failed; fi ;;
  esac
}

submit_slurm() {
  mkdir -p logs/slurm
  until said=$(sbatch --parsable "$@" 2>&1); do
    echo "$said" >&2
    case $said in *"Unable to contact slurm controller"*) sleep 10 ;; *) exit 1 ;; esac
  done
  # Warnings come before the number.
  echo "$said" | sed -n '$ { s/;.*//; p }'
}

submit_lsf() {
  mkdir -p logs/lsf
  said=$(bsub "$@") || exit 1
  echo "$said" | sed -n 's/^Job <\([0-9]*\)>.*/\1/p'
}

submit_sge() {
  mkdir -p logs/sge
  qsub -terse -cwd -V -S /bin/sh "$@"
}

"${task}_$scheduler" "$@"
