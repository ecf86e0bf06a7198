import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const TARGET = '../plait_gateway/graphiql';
const ASSETS = join(TARGET, 'assets');

/**
 * Write the files as the Python package serves them, compressed once and for all, and the manifest: which
 * file the page begins with, and the hash of every file that went in or came out, so that a test can tell
 * a change without a build. Hashes are of the files as they are before compression.
 */
export function pack(output, licences) {
  const files = output.map((file) => [file.fileName, Buffer.from(file.code ?? file.source)]).sort();
  rmSync(ASSETS, { recursive: true, force: true });
  mkdirSync(ASSETS, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(ASSETS, `${name}.gz`), gzipSync(content, { level: 9 }));
  writeFileSync(join(TARGET, 'THIRD-PARTY-LICENSES.txt'), `${licences}\n`);
  writeFileSync(join(TARGET, 'manifest.json'), `${JSON.stringify(manifest(output, files), null, 2)}\n`);
}

function manifest(output, files) {
  const entry = output.find((file) => file.isEntry);
  return {
    script: entry.fileName,
    styles: [...new Set(stylesOf(entry, output))],
    icon: output.find((file) => file.names?.includes('icon.svg')).fileName,
    files: Object.fromEntries(files.map(([name, content]) => [name, sha256(content)])),
    sources: Object.fromEntries(sources().map((path) => [path, sha256(readFileSync(path))])),
  };
}

/** The style sheets of a chunk after those of the chunks that it needs, as the browser should apply them. */
const stylesOf = (chunk, output) => [
  ...chunk.imports.flatMap((name) => stylesOf(output.find((file) => file.fileName === name), output)),
  ...chunk.viteMetadata.importedCss,
];

const sources = () =>
  readdirSync('.', { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.parentPath.startsWith('node_modules'))
    .map((file) => join(file.parentPath, file.name))
    .sort();

const sha256 = (content) => createHash('sha256').update(content).digest('hex');
