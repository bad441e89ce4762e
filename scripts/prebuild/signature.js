// Reads the code signature of a Mach-O file of 64 bits: a hash of each page of the file before it. macOS on arm64 runs
// no page with a different hash. The layout is that of Apple's <mach-o/loader.h> and of cs_blobs.h in its kernel.
'use strict';

const { createHash } = require('node:crypto');

const MAGIC_64 = 0xfeedfacf;
const HEADER_SIZE = 32;
const LC_CODE_SIGNATURE = 0x1d;

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const CODE_DIRECTORY_SLOT = 0;
const AD_HOC = 0x2;
const SHA256 = 2;

class Malformed extends Error {}

/** Throws `Malformed` unless the condition holds. */
const demand = (condition, message) => {
    if (!condition) throw new Malformed(message);
};

/** Returns `size` bytes from `start`; throws `Malformed` if not all are there. */
const slice = (bytes, start, size, what) => {
    demand(start + size <= bytes.length, `${what} is cut short`);
    return bytes.subarray(start, start + size);
};

/** Returns the extent of the signature: { start, size } in bytes, undefined without one. */
function locate(file) {
    const header = slice(file, 0, HEADER_SIZE, 'the header');
    demand(header.readUInt32LE(0) === MAGIC_64, 'is no Mach-O file of 64 bits');
    let at = HEADER_SIZE;
    for (let left = header.readUInt32LE(16); left > 0; left--) {
        const command = slice(file, at, 8, 'a load command');
        const size = command.readUInt32LE(4);
        demand(size >= 8, 'a load command has no size');
        if (command.readUInt32LE(0) === LC_CODE_SIGNATURE) {
            const place = slice(file, at, 16, 'a load command');
            return { start: place.readUInt32LE(8), size: place.readUInt32LE(12) };
        }
        at += size;
    }
    return undefined;
}

/** Returns the code directory among the blobs of a signature. */
function codeDirectory(signature) {
    const head = slice(signature, 0, 12, 'the signature');
    demand(head.readUInt32BE(0) === SUPER_BLOB, 'the signature is of no known kind');
    for (let index = 0; index < head.readUInt32BE(8); index++) {
        const entry = slice(signature, 12 + 8 * index, 8, 'the signature');
        if (entry.readUInt32BE(0) !== CODE_DIRECTORY_SLOT) continue;
        const start = entry.readUInt32BE(4);
        const size = slice(signature, start, 44, 'the code directory').readUInt32BE(4);
        demand(size >= 44, 'the code directory is cut short');
        return slice(signature, start, size, 'the code directory');
    }
    throw new Malformed('the signature has no code directory');
}

/** Returns the fields of a code directory: sizes in bytes, `hashes` one per page. */
function parse(directory) {
    demand(directory.readUInt32BE(0) === CODE_DIRECTORY, 'the code directory is of no known kind');
    demand(directory[37] === SHA256 && directory[36] === 32, 'pages are not hashed with SHA-256');
    demand(directory[39] >= 12 && directory[39] <= 16, 'macOS has no such size of a page');
    const hashes = slice(directory, directory.readUInt32BE(16), 32 * directory.readUInt32BE(28), 'the list of hashes');
    const identifier = directory.subarray(directory.readUInt32BE(20));
    const end = identifier.indexOf(0);
    demand(end >= 0, 'the identifier is cut short');
    return {
        adHoc: (directory.readUInt32BE(12) & AD_HOC) !== 0,
        identifier: identifier.toString('utf8', 0, end),
        signed: directory.readUInt32BE(32),
        pageSize: 2 ** directory[39],
        hashes: Array.from({ length: hashes.length / 32 }, (_, page) => hashes.subarray(32 * page, 32 * page + 32)),
    };
}

/** Returns the numbers of the pages whose hash differs from the signed one. */
const changedPages = (file, { hashes, pageSize, signed }) =>
    hashes.flatMap((hash, page) => {
        const bytes = file.subarray(page * pageSize, Math.min((page + 1) * pageSize, signed));
        return createHash('sha256').update(bytes).digest().equals(hash) ? [] : [page];
    });

function check(file) {
    const place = locate(file);
    if (place === undefined) return { faults: ['is not signed'] };
    const found = parse(codeDirectory(slice(file, place.start, place.size, 'the signature')));
    const faults = [];
    if (!found.adHoc) faults.push('is not signed ad hoc');
    if (place.start + place.size !== file.length) faults.push('has bytes after its signature');
    if (found.signed !== place.start)
        faults.push(`has ${found.signed} signed bytes, not the ${place.start} before the signature`);
    const pages = Math.ceil(place.start / found.pageSize);
    if (found.hashes.length !== pages) faults.push(`has hashes of ${found.hashes.length} pages, not of ${pages}`);
    for (const page of changedPages(file, found)) faults.push(`has a page ${page} that differs from the signed one`);
    return { identifier: found.identifier, pages: found.hashes.length, pageSize: found.pageSize, faults };
}

/**
 * Compares a Mach-O file with its signature. Returns { identifier, pages, pageSize, faults }: `faults` is empty if the
 * file is signed ad hoc and every page has the signed hash. Never throws, whatever the bytes are.
 */
exports.checkSignature = (file) => {
    try {
        return check(file);
    } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        return { faults: [error.message] };
    }
};
