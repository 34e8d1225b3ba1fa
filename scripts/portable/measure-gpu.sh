#!/bin/sh
# Measures six networks at batch 1 and 64 on every engine that works on this machine, within ten minutes.
# Usage: measure-gpu.sh [FOLDER]. The records, the doctor's report and a log come into FOLDER (default: gpu-runs).
# An engine that is missing or fails costs its own line of summary.txt and nothing else.
# FLOPSCOPE names the command where it is not beside this script; LIMIT is the time limit in seconds (default: 540).
# At the end FOLDER.tar.gz has all of FOLDER, to be taken along as one file.

here=$(cd "$(dirname "$0")" && pwd)
flopscope=${FLOPSCOPE:-$here/flopscope}
[ -x "$flopscope" ] || flopscope=flopscope
folder=${1:-gpu-runs}
folder=${folder%/}
networks='resnet50 densenet121 densenet201 vovnet39 vovnet57 mobilenet_v2'
mkdir -p "$folder" || exit 2
: >"$folder/summary.txt" || exit 2
# Seconds between the end of a step that is asked for and the one that is forced.
GRACE=3
# A step of fewer seconds shows nothing, and one network by itself wants so many.
SHORTEST=8
ALONE=15
end=$(($(date +%s) + ${LIMIT:-540}))
pid=
trap '[ -n "$pid" ] && kill "$pid" 2>/dev/null; exit 130' INT TERM HUP

say() { echo "$*" | tee -a "$folder/summary.txt"; }
left() { echo $((end - $(date +%s))); }

# step NAME SECONDS COMMAND...: it has ended, or is left behind, after so many seconds, and within the whole time.
step() {
  step=$1 limit=$2 code=124
  shift 2
  [ "$limit" -gt "$(left)" ] && limit=$(left)
  if [ "$limit" -lt "$SHORTEST" ]; then
    say "$step: no time left"
    return
  fi
  echo "== $step: $*" >>"$folder/log.txt"
  began=$(date +%s)
  # An end that is asked for leaves the record as it was before.
  timeout -s TERM -k "$GRACE" $((limit - GRACE - 1)) "$@" >"$folder/$step.out" 2>"$folder/$step.err" &
  pid=$!
  # A driver may keep a process from being killed: it is not waited for. What fails does so at once: short naps first.
  naps=0
  while kill -0 "$pid" 2>/dev/null && [ $(($(date +%s) - began)) -lt "$limit" ]; do
    naps=$((naps + 1)) nap=0.02
    [ "$naps" -gt 10 ] && nap=0.2
    sleep "$nap" || sleep 1
  done
  if kill -0 "$pid" 2>/dev/null; then
    code=137
  else
    wait "$pid"
    code=$?
  fi
  pid=
  cat "$folder/$step.err" >>"$folder/log.txt"
  case $code in
    0) result=done ;;
    124 | 137 | 143) result="stopped after $limit s" ;;
    *) result="exit code $code: $(tail -n 1 "$folder/$step.err")" ;;
  esac
  say "$step: $result ($(($(date +%s) - began)) s)"
}

# Parts of the work have weights. Each gets its share of the time that is left, so that all of them fit into the whole,
# and what one leaves over is for those after it.
weights=0
plan=
# planned FUNCTION WEIGHT NAME FLAG...: plans a part on an engine, if a small network runs there.
# PROBE is how many seconds the small network may take.
planned() {
  part=$1 weight=$2 name=$3
  shift 3
  step "probe-$name" "${PROBE:-20}" "$flopscope" measure resnet18 --windows 1 --min-window 0.05 --no-ceilings "$@"
  [ "$code" = 0 ] || return
  for batch in 1 64; do
    weights=$((weights + weight))
    plan="$plan$part $weight $name $batch $*
"
  done
}

# recorded NAME BATCH SECONDS "NETWORK ..." FLAG...: adds the runs of these networks to the record of this engine and batch.
recorded() {
  name=$1-batch$2$6 batch=$2 seconds=$3 which=$4 record=$folder/$1-batch$2.json flags=$5
  # shellcheck disable=SC2086 # several words each
  step "$name" "$seconds" "$flopscope" measure $which --batch "$batch" --min-window 0.3 --format markdown -o "$record" $flags
}

# sessions_of RECORD NETWORK: how many sessions of it the record has.
sessions_of() {
  [ -e "$1" ] || { echo 0 && return; }
  awk -v name="\"$2\"" '/"model": *"/ { own = index($0, name) > 0 } own && /"ownProcess":/ { n++ } END { print n + 0 }' "$1"
}
# counted RECORD: the sessions of all networks, to be compared after this call has added its own.
counted() { for one in $networks; do echo "$one $(sessions_of "$1" "$one")"; done; }

# together NAME BATCH SECONDS FLAG...: all networks in one call, whose windows alternate, with layers and ceilings; then those
# that it did not finish one by one, so that one without room costs itself alone.
together() {
  until=$(($(date +%s) + $3))
  given_name=$1 given_batch=$2 seconds=$(($3 * 8 / 10))
  shift 3
  before=$(counted "$folder/$given_name-batch$given_batch.json")
  # The record is written after each session, and a session that is stopped leaves nothing: so the sessions get a time.
  budget=$((seconds * 7 / 10))
  [ "$budget" -ge 1 ] || budget=1
  recorded "$given_name" "$given_batch" "$seconds" "$networks" "--layers --budget-time ${budget}s $*" ''
  [ "$code" = 0 ] || missing "$given_name" "$given_batch" $((until - $(date +%s))) --layers "$@"
}

# apart NAME BATCH SECONDS FLAG...: a call for each network, with equal shares of the time.
apart() {
  before=$(counted "$folder/$1-batch$2.json")
  missing "$@"
}

# missing NAME BATCH SECONDS FLAG...: the same for each network that has no more sessions than `before` says. The record may
# hold those of an earlier call into the same folder.
missing() {
  until=$(($(date +%s) + $3)) given_name=$1 given_batch=$2
  shift 3
  now=$(counted "$folder/$given_name-batch$given_batch.json")
  missing=
  for network in $networks; do
    [ "$(echo "$now" | grep "^$network ")" = "$(echo "$before" | grep "^$network ")" ] && missing="$missing $network"
  done
  count=$(echo "$missing" | wc -w)
  for network in $missing; do
    rest=$((until - $(date +%s)))
    share=$((rest / count))
    # Some networks are better than a stopped try of each.
    [ "$share" -ge "$ALONE" ] || share=$((rest < ALONE ? rest : ALONE))
    count=$((count - 1))
    recorded "$given_name" "$given_batch" "$share" "$network" "--no-ceilings $*" "-$network"
  done
}

# A CPU takes minutes for six networks at batch 64: a few short windows, and whatever fits.
on_cpu() {
  given_batch=$2
  if [ "$given_batch" = 1 ]; then together "$@"; else apart "$@" --windows 3 --warmups 1; fi
}

step doctor 40 "$flopscope" doctor --format json
step nvidia-smi 10 nvidia-smi
planned together 10 onnxruntime-webgpu --engine onnxruntime --provider webgpu
planned together 10 webgpu --engine webgpu
planned together 8 onnxruntime-cuda --engine onnxruntime --provider cuda
# TensorRT compiles each network first, for up to minutes; where its provider is missing, the probe says so at once.
PROBE=60
planned apart 8 onnxruntime-tensorrt --engine onnxruntime --provider tensorrt
PROBE=20
planned together 8 tensorflow --engine tensorflow
export NVIDIA_TF32_OVERRIDE=0
planned together 8 tensorflow-float32 --engine tensorflow
unset NVIDIA_TF32_OVERRIDE
planned on_cpu 5 onnxruntime-cpu --engine onnxruntime --provider cpu
planned on_cpu 5 wasm --engine wasm
PYTORCH=12
step pytorch $(($(left) * PYTORCH / (weights + PYTORCH))) python3 "$here/pytorch.py"

# At batch 1 first, on every engine.
for wanted in 1 64; do
  while read -r part weight name batch flags <&3; do
    [ "$batch" = "$wanted" ] || continue
    share=$(($(left) * weight / weights))
    weights=$((weights - weight))
    case $name in *-float32) export NVIDIA_TF32_OVERRIDE=0 ;; *) unset NVIDIA_TF32_OVERRIDE ;; esac
    # shellcheck disable=SC2086 # several flags
    "$part" "$name" "$batch" "$share" $flags
  done 3<<PLAN
$plan
PLAN
done
say "records: $(find "$folder" -name '*.json' -size +0 | sort | tr '\n' ' ')"
tar -C "$(dirname "$folder")" -czf "$folder.tar.gz" "$(basename "$folder")" && echo "all of it: $folder.tar.gz"
