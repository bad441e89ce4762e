// Code in pages. A fence's first word is the language; a second one is the file that the block is. A comment of HTML
// before a fence, which readers don't see, may add to it:
//
//     <!-- before: CODE -->        goes before the block when it is run
//     <!-- after: CODE -->         goes after it
//     <!-- not run: REASON -->     it is only looked at
//     <!-- wrong: REASON -->       it is run, but not with collections: it shows a mistake
'use strict';

/** All blocks of a page: { language, file, text, line, before, after, reason, isWrong }. */
exports.blocks = (page) => {
    const found = [];
    const lines = page.split('\n');
    let notes = {};
    for (let at = 0; at < lines.length; at++) {
        const note = /^\s*<!-- (before|after|not run|wrong): (.*) -->$/.exec(lines[at]);
        if (note !== null) notes[note[1]] = note[2];
        const fence = /^(\s*)```(\w*) ?(\S*)/.exec(lines[at]);
        if (fence === null) {
            if (note === null && lines[at].trim() !== '') notes = {};
            continue;
        }
        const [, indent, language, file] = fence;
        const line = at + 1;
        const text = [];
        while (lines[++at].trim() !== '```') text.push(lines[at].slice(indent.length));
        found.push({
            language,
            file,
            line,
            text: `${text.join('\n')}\n`,
            before: notes.before ?? '',
            after: notes.after ?? '',
            reason: notes['not run'],
            isWrong: notes.wrong !== undefined,
        });
        notes = {};
    }
    return found;
};

/** A page's sections: { title, page }, cut at headings of the second level. */
exports.sections = (page) =>
    page.split(/^(?=## )/m).map((text) => ({ title: /^#+ (.*)/.exec(text)?.[1] ?? '', page: text }));

/** CommonJS, rewritten as an ECMAScript module. */
exports.asModule = (text) =>
    text
        .replace(/^const (\w+) = require\(('[^']+')\);$/gm, 'import * as $1 from $2;')
        .replace(/^const (\{[^}]+\}) = require\(('[^']+')\);$/gm, 'import $1 from $2;');
