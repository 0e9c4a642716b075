#!/usr/bin/env bash
# What measure-tcp-ladder.sh refuses, and that a short blackout of each kind becomes a whole case: sent again as often as
# the blackout asks for at the least, and answered after it. How late a timer was is not judged. Usage:
# test_measure_tcp_ladder.sh ROOT
set -euo pipefail
root=$1
name=measure-tcp-ladder
. "$(dirname "$0")/measuring.sh"

refuse_without_tools
compile
run 2 "$name: --out is missing" "$tools/bench"
run 2 "$name: unknown option --bogus" "$script" --out made --bogus
refuse 'unknown option --seconds' --seconds 1
refuse '--sent needs a value' --sent
refuse '--sent: "fin", expected segment or syn' --sent fin
refuse '--probe: "yes", expected on or off' --probe yes
refuse '--linear: "21", expected 0 to 20' --linear 21
refuse '--rto-min: "5", expected 0 or 10 to 10000' --rto-min 5
refuse '--blackout: "0", expected 1 to 120000' --blackout 0
refuse '--blackout: "500,120001", expected 1 to 120000' --blackout 500,120001
refuse '--repeats: "0", expected 1 to 99' --repeats 0
refuse '--out: /dev/null is no folder' --out /dev/null
run 0 'segment-probe-500' "$tools/bench" --list
run 0 '20 cases, at most about 19 s' "$tools/bench" --list

# --linear 0: a kernel before 6.5 has no other
status=0
timeout "$patience" "$tools/bench" --out "$work/cases" --linear 0 --blackout 300,700 --repeats 2 >"$tools/said" 2>&1 || status=$?
if [ "$status" -eq 4 ]; then
  echo "test_measure_tcp_ladder: nothing is measured: $(cat "$tools/said")"
  exit "$failed"
fi
names='segment-no-probe-300.json segment-no-probe-700.json segment-probe-300.json segment-probe-700.json syn-linear0-300.json syn-linear0-700.json '
if [ "$status" -ne 0 ] || [ -s "$tools/said" ] || [ "$(ls -A "$work/cases" | tr '\n' ' ')" != "$names" ]; then
  complain "status $status, $(cat "$tools/said"), files: $(ls -A "$work/cases" 2>/dev/null)"
elif command -v python3 >/dev/null; then
  python3 - "$work/cases"/*.json <<'END' || failed=1
import json, sys
for path in sys.argv[1:]:
    case = json.load(open(path))
    asked, blackout = case['case'], case['case']['blackout_s']
    assert case['kind'] == 'tcp' and path.endswith('/' + case['id'] + '.json'), path
    assert asked['tail_loss_probe'] == ('no-probe' not in path) and asked['tick_us'] > 0, path
    assert asked['rtt_us'] > 0 or asked['sent'] == 'syn', path
    assert len(case['repeats']) == 2, path
    for one in case['repeats']:
        steps = one['again_s']
        assert steps and steps == sorted(steps) and steps[0] > 0, (path, steps)
        assert one['felt_s'] >= blackout and steps[-1] >= blackout * 0.99 and one['felt_s'] >= steps[-1] * 0.99, (path, one)
END
fi
exit "$failed"
