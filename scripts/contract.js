// Writes what the types and the documentation say about error codes and settings, from the lists in
// src/addon/contract.h. With --check it writes nothing, and fails if a file is not up to date. Fails too if codes,
// settings or events contradict the lists elsewhere.
'use strict';

const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { contradictions, read, textsOf, written } = require('./lib/contract.js');

const root = join(__dirname, '..');
const textOf = (file) => readFileSync(join(root, file), 'utf8');

const lists = read(textOf('src/addon/contract.h'));
const complaints = [];
for (const [file, text] of Object.entries(written(lists, textOf))) {
    if (textOf(file) === text) continue;
    if (process.argv.includes('--check')) complaints.push(`${file} is not up to date: npm run generate`);
    else writeFileSync(join(root, file), text);
}

complaints.push(...contradictions(lists, textsOf(root)));
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
