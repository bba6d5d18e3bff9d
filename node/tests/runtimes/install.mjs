/**
 * Installs the runtimes with the versions in `pins/` below `node/.runtimes`. The browser is Debian's.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pins = fileURLToPath(new URL('pins/', import.meta.url));
const debian = fileURLToPath(new URL('../../../.ci/debian.sh', import.meta.url));
const folder = fileURLToPath(new URL('../../.runtimes/', import.meta.url));

/** The path of each runtime's program, and its version. */
export function install() {
  const lock = readFileSync(join(pins, 'package-lock.json'), 'utf8');
  const marker = join(folder, '.installed');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== lock) {
    mkdirSync(folder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(join(pins, name), join(folder, name));
    }
    const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    execFileSync('npm', options, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(marker, lock);
  }
  const at = (name, path) => {
    const package_ = join(folder, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(package_, 'package.json'), 'utf8'));
    return { program: join(package_, path), version: version.replace('v', '') };
  };
  return {
    nodes: [18, 20, 22, 24, 26].map((major) => at(`node${major}`, 'bin/node')),
    bun: at('@oven/bun-linux-x64', 'bin/bun'),
    deno: at('@deno/linux-x64-glibc', 'deno'),
    workerd: at('@cloudflare/workerd-linux-64', 'bin/workerd'),
    chromium: chromium(),
  };
}

/** Debian's browser. Without it, an error says how to install it: no runtime is skipped silently. */
function chromium() {
  const version = () => spawnSync('chromium', ['--version'], { encoding: 'utf8' });
  let found = version();
  if (found.error) {
    spawnSync(debian, ['chromium'], { stdio: 'ignore' });
    found = version();
  }
  if (found.error) throw new Error('chromium is missing: apt-get install chromium');
  return { program: 'chromium', version: /[\d.]+/.exec(found.stdout)[0] };
}
