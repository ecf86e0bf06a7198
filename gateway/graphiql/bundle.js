import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'vite';

/** The built files in memory, and the folders of all packages that were read for them. */
export async function bundle() {
  const packages = new Set();
  const { output } = await build({
    configFile: false,
    logLevel: 'warn',
    base: './', // files find each other from where they stand, whatever path the gateway serves them at
    plugins: [listPackages(packages), icon()],
    worker: { format: 'es', plugins: () => [listPackages(packages)] },
    build: {
      write: false,
      assetsDir: '',
      assetsInlineLimit: 0, // the page's policy allows no script or worker in a data: URL
      target: 'es2022',
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        input: 'src/main.jsx',
        // What is ours apart from what is not, so that a change here leaves the large files as they are.
        output: { codeSplitting: { groups: [{ name: 'packages', test: atTheStart }] } },
        onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning), // "use client"
      },
    },
  });
  return { output, packages: [...packages].sort() };
}

// Monaco and Prettier are loaded when they are needed, and split by that.
const atTheStart = (id) => id.includes('/node_modules/') && !/\/node_modules\/(monaco-|prettier\/)/.test(id);

const listPackages = (packages) => ({
  name: 'plait-list-packages',
  buildEnd() {
    for (const id of this.getModuleIds()) {
      const file = id.replace('\0', '').split('?')[0];
      if (file.includes('/node_modules/')) packages.add(packageFolder(file));
    }
  },
});

function packageFolder(file) {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json')) || !describe(folder).version) folder = dirname(folder);
  return relative('.', folder);
}

const describe = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

const icon = () => ({
  name: 'plait-icon',
  buildStart() {
    this.emitFile({ type: 'asset', name: 'icon.svg', source: readFileSync('src/icon.svg', 'utf8') });
  },
});
