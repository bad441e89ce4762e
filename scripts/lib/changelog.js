// Reads and changes CHANGELOG.md, in the format of Keep a Changelog: turns the unreleased section into a version.
'use strict';

const HEADING = /^## \[(.*?)\](?: - (\S+))?$/;

/** Returns the sections of a changelog, the newest first: { name, date, text }. `text` is trimmed. */
exports.sections = (changelog) => {
    const found = [];
    for (const line of changelog.split('\n')) {
        const heading = HEADING.exec(line);
        if (heading !== null) found.push({ name: heading[1], date: heading[2], text: '' });
        else if (found.length > 0) found[found.length - 1].text += `${line}\n`;
    }
    return found.map((section) => ({ ...section, text: section.text.trim() }));
};

/**
 * Returns the changelog with its unreleased entries under a version and its date. Throws if there are none, or if the
 * version is there already.
 */
exports.release = (changelog, version, date) => {
    const known = exports.sections(changelog);
    const unreleased = known.find(({ name }) => name === 'Unreleased');
    if (unreleased === undefined) throw new Error('the changelog has no section [Unreleased]');
    if (unreleased.text === '') throw new Error('the section [Unreleased] of the changelog is empty');
    if (known.some(({ name }) => name === version)) throw new Error(`the changelog already has ${version}`);
    return changelog.replace(/^## \[Unreleased\]$/m, `## [Unreleased]\n\n## [${version}] - ${date}`);
};

/** Returns the version after this one: `next` is major, minor, patch, or a greater version. */
exports.next = (version, next) => {
    const parts = (text) => /^(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number);
    const [major, minor, patch] = parts(version);
    const bumped = { major: [major + 1, 0, 0], minor: [major, minor + 1, 0], patch: [major, minor, patch + 1] };
    const wanted = bumped[next] ?? parts(next);
    if (wanted === undefined) throw new Error(`${next} is neither major, minor or patch, nor a version`);
    const order = wanted
        .map((part, index) => Math.sign(part - [major, minor, patch][index]))
        .find((sign) => sign !== 0);
    if (order !== 1) throw new Error(`${wanted.join('.')} is not after ${version}`);
    return wanted.join('.');
};
