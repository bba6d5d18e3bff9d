#!/usr/bin/env bash
# Guess: whoever freezes the date in a test freezes time.time(); time.monotonic() runs on.
# Seen: freezegun 1.5.5 makes time.monotonic() and perf_counter() the seconds since 1970 of the
# frozen date: a jump of decades, and no step until it is ticked. time-machine 3.6.0 leaves them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile freezegun==1.5.5 time-machine==3.6.0
seen=$("$folder/bin/python" - <<'END'
import time, freezegun, time_machine
before = time.monotonic()
for name, frozen in (
    ("freezegun", freezegun.freeze_time("2030-01-01")),
    ("time-machine", time_machine.travel("2030-01-01T00:00:00+00:00", tick=False)),
):
    with frozen:
        jump = time.monotonic() - before
        print(name, int(time.time()), "a jump of decades" if jump > 1e9 else "runs on")
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
freezegun 1893456000 a jump of decades
time-machine 1893456000 runs on
END
