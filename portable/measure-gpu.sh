#!/bin/sh
# Measures six networks at batch 1 and 64 on every engine that works on this machine, within ten minutes.
# Usage: measure-gpu.sh [FOLDER]. The records, the doctor's report and a log come into FOLDER (default: gpu-runs).
# An engine that is missing or fails costs its own line of summary.txt and nothing else.
# FLOPSCOPE names the command where it is not beside this script; MINUTES is the time limit (default: 9).

here=$(cd "$(dirname "$0")" && pwd)
flopscope=${FLOPSCOPE:-$here/flopscope}
[ -x "$flopscope" ] || flopscope=flopscope
folder=${1:-gpu-runs}
networks='resnet50 densenet121 densenet201 vovnet39 vovnet57 mobilenet_v2'
mkdir -p "$folder" || exit 2
: >"$folder/summary.txt" || exit 2
end=$(($(date +%s) + 60 * ${MINUTES:-9}))

say() { echo "$*" | tee -a "$folder/summary.txt"; }

# step NAME SECONDS COMMAND...: runs it for at most so long, and no longer than what is left of the whole.
step() {
  step=$1 limit=$2 code=1
  shift 2
  left=$((end - $(date +%s)))
  if [ "$left" -lt 10 ]; then
    say "$step: no time left"
    return
  fi
  [ "$limit" -gt "$left" ] && limit=$left
  echo "== $step: $*" >>"$folder/log.txt"
  began=$(date +%s)
  # An interrupt leaves the record as it was before.
  timeout -s INT -k 20 "$limit" "$@" >"$folder/$step.out" 2>"$folder/$step.err"
  code=$?
  cat "$folder/$step.err" >>"$folder/log.txt"
  case $code in
    0) result=done ;;
    124 | 130 | 137) result="stopped after $limit s" ;;
    *) result="exit code $code: $(tail -n 1 "$folder/$step.err")" ;;
  esac
  say "$step: $result ($(($(date +%s) - began)) s)"
}

# measured NAME BATCH SECONDS FLAG...: one record of all networks, with their layers. Each network is a call of its own
# that adds its run to the record: one that has no room on the device, or whose time is up, costs itself alone.
measured() {
  name=$1-batch$2 batch=$2 all=$3
  shift 3
  until=$(($(date +%s) + all))
  for network in $networks; do
    rest=$((until - $(date +%s)))
    [ "$rest" -lt 5 ] && say "$name-$network: its time is up" && continue
    step "$name-$network" "$rest" "$flopscope" measure "$network" --batch "$batch" --layers --min-window 0.3 \
      --format markdown -o "$folder/$name.json" "$@"
    # An engine that is not here is not asked again for every network.
    [ "$code" = 2 ] && return
  done
}

step doctor 60 "$flopscope" doctor --format json
step nvidia-smi 20 nvidia-smi
measured onnxruntime-webgpu 1 60 --engine onnxruntime --provider webgpu
measured onnxruntime-webgpu 64 70 --engine onnxruntime --provider webgpu
measured webgpu 1 60 --engine webgpu
measured webgpu 64 70 --engine webgpu
step pytorch 80 python3 "$here/pytorch.py"
measured onnxruntime-cuda 1 45 --engine onnxruntime --provider cuda
measured onnxruntime-cuda 64 55 --engine onnxruntime --provider cuda
export NVIDIA_TF32_OVERRIDE=0
measured tensorflow-float32 1 40 --engine tensorflow
measured tensorflow-float32 64 50 --engine tensorflow
unset NVIDIA_TF32_OVERRIDE
measured tensorflow 1 40 --engine tensorflow
measured tensorflow 64 50 --engine tensorflow
# On a CPU batch 64 takes minutes, and says nothing about a GPU.
measured onnxruntime-cpu 1 60 --engine onnxruntime --provider cpu
measured wasm 1 60 --engine wasm
say "records: $(find "$folder" -name '*.json' -size +0 | sort | tr '\n' ' ')"
