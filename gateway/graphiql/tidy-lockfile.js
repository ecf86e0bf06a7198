// Drop what names a host and installs nothing: `npm install` writes each package's funding links.
import { readFileSync, writeFileSync } from 'node:fs';

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const entry of Object.values(lockfile.packages)) {
  delete entry.funding;
  delete entry.resolved;
}
writeFileSync('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`);
