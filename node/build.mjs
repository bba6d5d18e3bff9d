/**
 * Builds the native add-on of this checkout, as `kling-auth.node` next to this file.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

function cargo(args, stdout) {
  const options = { cwd: here, stdio: ['ignore', stdout, 'inherit'], maxBuffer: 1e9 };
  const { error, status, stdout: output } = spawnSync('cargo', args, options);
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  return output;
}

cargo(['build', '--release', '--locked', '--package', 'kling-auth-node'], 'inherit');

const { target_directory: target } = JSON.parse(
  cargo(['metadata', '--format-version=1', '--no-deps'], 'pipe'),
);
const library =
  { win32: 'kling_auth_node.dll', darwin: 'libkling_auth_node.dylib' }[process.platform] ??
  'libkling_auth_node.so';
copyFileSync(join(target, 'release', library), join(here, 'kling-auth.node'));
