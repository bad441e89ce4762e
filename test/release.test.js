'use strict';

// A release's changes to the changelog and to the version.

const assert = require('node:assert/strict');
const { next, release, sections } = require('../scripts/lib/changelog.js');

const CHANGELOG = `# Changelog

Words before.

## [Unreleased]

### Added

- A thing.

## [0.1.0] - 2026-01-02

- The first.
`;

describe('the changelog at a release', () => {
    it('has sections, the newest first', () => {
        assert.deepEqual(sections(CHANGELOG), [
            { name: 'Unreleased', date: undefined, text: '### Added\n\n- A thing.' },
            { name: '0.1.0', date: '2026-01-02', text: '- The first.' },
        ]);
    });

    it('puts unreleased entries under the version, and changes nothing else', () => {
        const released = release(CHANGELOG, '0.2.0', '2026-03-04');
        assert.deepEqual(sections(released), [
            { name: 'Unreleased', date: undefined, text: '' },
            { name: '0.2.0', date: '2026-03-04', text: '### Added\n\n- A thing.' },
            { name: '0.1.0', date: '2026-01-02', text: '- The first.' },
        ]);
        assert.equal(released.replace('\n\n## [0.2.0] - 2026-03-04', ''), CHANGELOG);
    });

    it('refuses a version that is there, and one without entries', () => {
        assert.throws(() => release(CHANGELOG, '0.1.0', '2026-03-04'), /already has 0\.1\.0/);
        assert.throws(() => release(release(CHANGELOG, '0.2.0', '2026-03-04'), '0.3.0', '2026-03-05'), /is empty/);
        assert.throws(() => release('# Changelog\n', '0.2.0', '2026-03-04'), /no section/);
    });

    it('is readable in this project', () => {
        const found = sections(require('node:fs').readFileSync(require.resolve('../CHANGELOG.md'), 'utf8'));
        assert.equal(found[0].name, 'Unreleased');
        for (const { date, name } of found.slice(1)) assert.match(`${name} ${date}`, /^\d+\.\d+\.\d+ \d{4}-\d\d-\d\d$/);
    });
});

describe('the version at a release', () => {
    it('is the next one of its kind', () => {
        assert.equal(next('1.2.3', 'patch'), '1.2.4');
        assert.equal(next('1.2.3', 'minor'), '1.3.0');
        assert.equal(next('1.2.3', 'major'), '2.0.0');
        assert.equal(next('1.2.3', '1.10.0'), '1.10.0');
    });

    it('is never an older one, nor an invalid one', () => {
        for (const wrong of ['1.2.3', '1.2.2', '0.9.9', '1.1.9'])
            assert.throws(() => next('1.2.3', wrong), /is not after/);
        for (const wrong of ['newest', '1.2', 'v1.3.0', '']) assert.throws(() => next('1.2.3', wrong), /is neither/);
    });
});
