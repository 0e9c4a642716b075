#!/usr/bin/env bash
# A 1,000-point sweep through a real Slurm: the distribution's munged, slurmctld and slurmd, started here on loopback
# with ports, keys and folders of their own, and ended in any case. One task is killed; the campaign is resumed, merged,
# and must be the same bytes as the local one.
# Usage: test_slurm.sh TANDEM      Exit 77 (skipped) when Slurm is not installed or this is not root.
set -euo pipefail
tandem=$1
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch squeue; do
  command -v $program >/dev/null || { echo "skipped: no $program (scripts/setup.sh --developer installs Slurm)"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: slurmd needs root"; exit 77; }

work=$(mktemp -d /tmp/tandem-slurm-XXXXXX)
chmod 755 "$work"
daemons=()
finish() {
  status=$?
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do kill "${daemons[i]}" 2>/dev/null || true; done
  sleep 0.5
  for pid in "${daemons[@]}"; do kill -9 "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  [ $status -eq 0 ] || tail -n 20 "$work"/*.log "$work"/out/slurm/logs/1.log 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

fail() { echo "FAILED: $*"; exit 1; }
free_port() { # one that nobody listens on now
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
  done
}
wait_for() { # SECONDS COMMAND...
  local end=$((SECONDS + $1 * ${TANDEM_TEST_PATIENCE:-1})); shift
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done
}

# ---- the cluster ----
mkdir -p "$work"/{munge,state,spool}
dd if=/dev/urandom of="$work/munge/key" bs=128 count=1 status=none
chmod 700 "$work/munge"
chmod 400 "$work/munge/key"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" >"$work/munged.log" 2>&1 &
daemons+=($!)
wait_for 300 munge -n --socket="$work/munge/socket" || fail "munged does not answer"

host=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=tandem
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmdSpoolDir=$work/spool
StateSaveLocation=$work/state
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=2,default_queue_depth=1000
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -c -D >"$work/slurmctld.log" 2>&1 &
daemons+=($!)
slurmd -D -N "$host" >"$work/slurmd.log" 2>&1 &
daemons+=($!)
idle() { sinfo --noheader --format=%T | grep -q idle; }
wait_for 600 idle || fail "the cluster does not come up"

# ---- the sweep ----
cat >"$work/sweep.json" <<'JSON'
{ "name": "slurm", "hosts": [ {"name": "a"}, {"name": "b"} ],
  "links": [ {"name": "cable", "ends": ["a", "b"]} ],
  "guests": [ {"name": "vm", "host": "a", "memory": "16MiB"} ],
  "timeline": [ {"at": "1s", "do": "migrate", "vm": "vm", "to": "b"} ],
  "sweep": { "axes": [
    {"pointer": "/guests/0/memory", "from": "1MiB", "to": "50MiB", "count": 50},
    {"pointer": "/links/0/bandwidth", "from": "100Mbps", "to": "10Gbps", "count": 20, "scale": "logarithmic"} ] } }
JSON
"$tandem" sweep "$work/sweep.json" --out "$work/local" --quiet
sweep() { "$tandem" sweep "$work/sweep.json" --out "$work/out" --engine slurm --tasks 10 --poll 500ms \
  --slurm=--partition=main --slurm=--time=5 "$@"; }

# The first process of any task is killed as soon as it is there.
kill_one() {
  local pid
  for _ in $(seq 600); do
    pid=$(pgrep -o -f "^$tandem sweep .*$work/out/shards/" || true)
    [ -z "$pid" ] || { kill -9 "$pid" && return; }
    sleep 0.05
  done
}
kill_one &
killer=$!
status=0
sweep >"$work/first.log" 2>&1 || status=$?
wait $killer
cat "$work/first.log"
[ $status -eq 3 ] || fail "a killed task: status $status, expected 3"
grep -q '1 of 10 shards are not complete' "$work/first.log" || fail "the killed task is not reported"
status=0
sweep >"$work/again.log" 2>&1 || status=$?
[ $status -eq 2 ] || fail "without --resume: status $status, expected 2"
sweep --resume
for file in points.csv summary.csv manifest.json; do
  cmp "$work/local/$file" "$work/out/$file" || fail "$file differs from the local run's"
done
[ "$(wc -l <"$work/out/points.csv")" -eq 1001 ] || fail "not 1,000 points"

# ---- without Slurm ----
status=0
message=$(PATH=/nonexistent "$tandem" sweep "$work/sweep.json" --out "$work/none" --engine slurm 2>&1) || status=$?
[ $status -eq 3 ] || fail "no sbatch: status $status, expected 3"
case $message in *"sbatch cannot be run"*) ;; *) fail "no sbatch: said \"$message\"" ;; esac
echo "passed: 1,000 points through Slurm, one task killed and resumed, equal to the local run"
