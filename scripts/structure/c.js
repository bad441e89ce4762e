// Reads C as far as the checks of the structure need it: directives, functions, names that are used, fields of structs.
// Relies on the style of this project: no unbalanced brace in a branch of #if, no function in K&R style.
'use strict';

/** Replaces matches by spaces; lines keep their numbers. */
const blanked = (text, pattern) => text.replace(pattern, (match) => match.replace(/[^\n]/g, ' '));

const LITERAL = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/;
const COMMENT = /\/\*[^]*?\*\/|\/\/[^\n]*/;
const DIRECTIVE = /^[ \t]*#(?:[^\n]*\\\n)*[^\n]*/gm;

/** Returns a text without its comments. Matches literals too, so that a comment inside one stays. */
const uncommented = (text) =>
    text.replace(new RegExp(`${LITERAL.source}|${COMMENT.source}`, 'g'), (match) =>
        match.startsWith('/') ? match.replace(/[^\n]/g, ' ') : match,
    );

/** Returns a text without comments, literals and directives. */
const codeOf = (text) => blanked(blanked(uncommented(text), DIRECTIVE), new RegExp(LITERAL.source, 'g'));

const directivesOf = (text) =>
    Array.from(uncommented(text).matchAll(DIRECTIVE), ([line]) => line.replace(/\\\n/g, ' ').trim());

/** Returns the includes of a file: { path, isOwn }, own files in quotes. */
exports.includesOf = (text) =>
    directivesOf(text)
        .map((line) => /^#\s*include\s*(["<])([^">]+)[">]/.exec(line))
        .filter((match) => match !== null)
        .map(([, quote, path]) => ({ path, isOwn: quote === '"' }));

/** Returns the macros that a file defines: { name, body }. */
exports.macrosOf = (text) =>
    directivesOf(text)
        .map((line) => /^#\s*define\s+(\w+)(?:\([^)]*\))?(.*)$/.exec(line))
        .filter((match) => match !== null)
        .map(([, name, body]) => ({ name, body }));

/** Returns the parts of a text: { head, body, at }. `body` is in braces, or undefined; `head` is the text before it. */
function* partsOf(code) {
    let depth = 0;
    let begin = 0;
    let open = 0;
    for (let at = 0; at < code.length; at++) {
        if (code[at] === '{' && depth++ === 0) open = at;
        else if (code[at] === '}' && --depth === 0) {
            yield { head: code.slice(begin, open), body: code.slice(open + 1, at), at: begin, end: at };
            begin = at + 1;
        } else if (code[at] === ';' && depth === 0) {
            yield { head: code.slice(begin, at), body: undefined, at: begin, end: at };
            begin = at + 1;
        }
    }
    if (depth !== 0) throw new Error('unbalanced braces');
}

const lineAt = (text, at) => text.slice(0, at).split('\n').length;

/** Returns the name of a function if `head`, which ends with the parameters, is that of one; else undefined. */
const functionIn = (head) => {
    const text = head.trimEnd();
    if (!text.endsWith(')') || text.includes('=')) return undefined;
    let depth = 0;
    let at = text.length;
    do depth += { ')': 1, '(': -1 }[text[--at]] ?? 0;
    while (depth > 0 && at > 0);
    return /(\w+)\s*$/.exec(text.slice(0, at))?.[1];
};

/** Returns the functions that a file defines: { name, isStatic, line, lines }; from the type to the closing brace. */
exports.functionsOf = (text) => {
    const code = codeOf(text);
    const found = [];
    for (const { head, body, at, end } of partsOf(code)) {
        const name = body === undefined ? undefined : functionIn(head);
        if (name === undefined) continue;
        const first = lineAt(code, at + head.search(/\S/));
        found.push({ name, isStatic: /\bstatic\b/.test(head), line: first, lines: lineAt(code, end) - first + 1 });
    }
    return found;
};

/** Returns the names of the constants of enumerations outside functions. */
exports.constantsOf = (text) => {
    const names = [];
    for (const { head, body } of partsOf(codeOf(text)))
        if (body !== undefined && /\benum\b\s*\w*\s*$/.test(head))
            names.push(...body.split(',').map((part) => /^\s*(\w+)/.exec(part)?.[1]));
    return names.filter((name) => name !== undefined);
};

/** Returns the functions that a file declares and does not define. */
exports.declarationsOf = (text) => {
    const names = [];
    for (const { head, body } of partsOf(codeOf(text))) if (body === undefined) names.push(functionIn(head));
    return names.filter((name) => name !== undefined);
};

/** Returns the names that a file uses in bodies and in macros; in a source, in initialisers too. */
exports.namesUsedBy = (text, isHeader) => {
    const texts = exports.macrosOf(text).map(({ body }) => body);
    for (const { head, body } of partsOf(codeOf(text))) {
        if (body !== undefined) texts.push(body);
        if (!isHeader && head.includes('=')) texts.push(head.slice(head.indexOf('=')));
    }
    return new Set(texts.flatMap((part) => part.match(/[A-Za-z_]\w*/g) ?? []));
};

/** Returns the number of fields in the body of a struct. The fields of an unnamed struct or union count as its own. */
const fieldsIn = (body) => {
    let count = 0;
    let isCounted = false; // after the fields of a struct comes its own name
    for (const { head, body: inner } of partsOf(body)) {
        if (inner !== undefined) {
            isCounted = /\b(struct|union)\s*$/.test(head);
            if (isCounted) count += fieldsIn(inner);
        } else {
            if (!isCounted) count += head.replace(/\([^()]*\)|\[[^\]]*\]/g, '').split(',').length;
            isCounted = false;
        }
    }
    return count;
};

/** Returns the structs of a file: { name, fields }. */
exports.structsOf = (text) => {
    const found = [];
    const visit = (code) => {
        for (const { head, body } of partsOf(code)) {
            if (body === undefined) continue;
            const [, name] = /\bstruct\b\s*(\w*)\s*$/.exec(head) ?? [];
            if (name !== undefined) found.push({ name: name || 'without a name', fields: fieldsIn(body) });
            visit(body);
        }
    };
    visit(codeOf(text));
    return found;
};
