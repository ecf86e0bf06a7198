import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// These publish no licence text of their own; their authors' text is in the package named here.
const TEXT_FROM = {
  '@graphiql/plugin-doc-explorer': 'graphiql',
  '@graphiql/plugin-explorer': 'graphiql',
  '@graphiql/plugin-history': 'graphiql',
  'react-compiler-runtime': 'react',
  'react-remove-scroll-bar': 'react-remove-scroll',
};

// The icon font in monaco-editor has terms which that package does not state.
const CODICONS =
  'Codicons (in monaco-editor), Copyright (c) Microsoft Corporation\n\n' +
  'The icons are used unchanged under the Creative Commons Attribution 4.0 International licence (CC-BY-4.0),\n' +
  'https://creativecommons.org/licenses/by/4.0/legalcode';

/** The licences of the packages in these folders as one document: each text once, below all that it covers. */
export function thirdPartyLicences(folders) {
  const covered = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = licenceText(name in TEXT_FROM ? join('node_modules', TEXT_FROM[name]) : folder);
    if (!text) throw new Error(`${name} ${version} (${license}) publishes no licence text: see TEXT_FROM`);
    covered.set(text, [...(covered.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const notices = [...covered].map(([text, names]) => `${names.join('\n')}\n\n${text}`).sort();
  return ['What the packages in the built files ask to be said.', CODICONS, ...notices].join(`\n\n${'='.repeat(80)}\n\n`);
}

const licenceText = (folder) =>
  readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|third-?party)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n');
