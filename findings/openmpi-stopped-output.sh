#!/usr/bin/env bash
# Open MPI's mpirun, told to end, first reads nothing more from its processes, and tells them only some time later.
#
# Guess: mpirun hands SIGTERM (or Ctrl-C) on to its processes at once, and shows what they say until they have ended.
# Really: it waits as long as odls_base_sigkill_timeout says (a second, unless told otherwise) before its processes get
# SIGTERM, and as long again before SIGKILL. Meanwhile it takes nothing from their output: a process that goes on to report
# its progress is held up in its write after some 17 KB, before it knows that it is to end, and one that looks for the
# signal between two lines never gets there. A longer timeout, which is to give it time to save, holds it up for longer.
# Version: Open MPI 4.1.4 (Debian's openmpi-bin 4.1.4-3+b1).
# For us: lines about a run are written without blocking, and left out once it has been asked to stop, so that it is saved.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

debian_packages openmpi-bin=4.1.4-3+b1
root=$PWD/root/usr
libraries=$root/lib/x86_64-linux-gnu
export OPAL_PREFIX=$root LD_LIBRARY_PATH=$libraries:$libraries/openmpi/lib:$PWD/root/lib/x86_64-linux-gnu
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
timeout=4

# Reports its progress until it is asked to end, and notes how far it has come.
cat >process.sh <<'SH'
#!/usr/bin/env bash
trap 'date +%s%N >asked' TERM
while [ ! -e asked ]; do
  line=$((line + 1))
  printf 'line %d %01000d\n' "$line" 0
  echo "$line" >written
done
SH
chmod +x process.sh

observe() {
  OMPI_MCA_odls_base_sigkill_timeout=$timeout "$root/bin/mpirun.openmpi" -n 1 ./process.sh >output 2>errors &
  local job=$! told read held
  until [ -s written ] && [ "$(wc -l <output)" -gt 50 ]; do sleep 0.1; done
  told=$(date +%s%N)
  kill -TERM "$job"
  sleep 1
  read=$(wc -l <output)
  held=$(cat written)
  sleep 1
  "$root/bin/mpirun.openmpi" --version | head -n 1
  echo "lines taken from the process a second after mpirun was told to end: $(($(wc -l <output) - read))"
  echo "lines that the process got rid of in that time: $(($(cat written) - held))"
  wait "$job" || true
  echo "seconds until the process was asked to end: $((($(cat asked) - told + 500000000) / 1000000000))"
}
says observe
expect 'the version' 'mpirun.openmpi (OpenRTE) 4.1.4'
expect 'what is read' 'lines taken from the process a second after mpirun was told to end: 0'
expect 'what can be written' 'lines that the process got rid of in that time: 0'
expect 'when the process is told' "seconds until the process was asked to end: $timeout"
