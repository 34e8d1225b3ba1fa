// Which system libraries come along? The Vulkan loader and the C++ runtime, for machines with nothing but glibc and a GPU driver.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietly } from './quietly.js';

const SYSTEM = ['/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu', '/usr/lib64', '/lib64', '/usr/lib'];
/** Libraries by the Debian package that has them. */
const LIBRARIES = { 'libvulkan.so.1': 'libvulkan1', 'libstdc++.so.6': 'libstdc++6', 'libgcc_s.so.1': 'libgcc-s1' };

export function bringLibraries(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [library, debian] of Object.entries(LIBRARIES)) {
    const found = SYSTEM.map((place) => join(place, library)).find((path) => existsSync(path));
    if (found) cpSync(found, join(folder, library), { dereference: true });
    else fromDebian(library, debian, folder);
    const notice = join('/usr/share/doc', debian, 'copyright');
    if (existsSync(notice)) cpSync(notice, join(folder, `${debian}.copyright`));
  }
  // What tells the Vulkan loader of NVIDIA's driver: it is one driver under two names, with X11 and without.
  for (const kind of ['GLX', 'EGL']) {
    const driver = {
      file_format_version: '1.0.0',
      ICD: { library_path: `lib${kind}_nvidia.so.0`, api_version: '1.3.0' },
    };
    writeFileSync(join(folder, `nvidia_${kind}.json`), `${JSON.stringify(driver)}\n`);
  }
}

function fromDebian(library, debian, folder) {
  const scratch = mkdtempSync(join(tmpdir(), 'flopscope-'));
  try {
    const file = quietly('apt-get', ['download', '-qq', debian], scratch) && readdirSync(scratch)[0];
    const unpacked = file && quietly('dpkg-deb', ['-x', file, '.'], scratch);
    const found = unpacked && readdirSync(scratch, { recursive: true }).find((path) => path.endsWith(`/${library}`));
    if (!found) throw new Error(`${library} is not here: install it, on Debian apt-get install ${debian}`);
    cpSync(join(scratch, found), join(folder, library), { dereference: true });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
