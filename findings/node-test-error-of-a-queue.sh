#!/usr/bin/env bash
# Guess: what is thrown in the asynchronous context of a test (AsyncResource) fails that test, also if
# a queue that all tests share calls it.
# Seen: node:test of Node 20.20.2 and 26.10.0 goes by whoever set the callback of that turn. The test
# is "ok", though it still runs, the report says that it had ended, and only the exit status is 1. A
# timer set within the context fails it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >queue.mjs <<'END'
import { AsyncResource } from 'node:async_hooks';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

const queue = [];
const worker = setInterval(() => queue.splice(0).forEach((job) => job()), 10);
const fail = () => {
  throw new Error('thrown');
};
test('by the queue', async () => {
  const resource = new AsyncResource('job');
  queue.push(() => resource.runInAsyncScope(fail));
  await wait(200);
});
test('by a timer', async () => {
  const resource = new AsyncResource('job');
  queue.push(() => resource.runInAsyncScope(setImmediate, undefined, fail));
  await wait(200);
});
test('the last', () => clearInterval(worker));
END
npm install --silent node20@npm:node@20.20.2 node26@npm:node@26.10.0
for name in node20 node26; do
  status=0
  "node_modules/$name/bin/node" --test-reporter=tap queue.mjs >report || status=$?
  seen=$(grep -oE '^(not )?ok .*|activity after the test ended' report; echo "exit status $status")
  echo "$name: $seen"
  diff - <(echo "$seen") <<'END'
ok 1 - by the queue
not ok 2 - by a timer
ok 3 - the last
activity after the test ended
exit status 1
END
done
