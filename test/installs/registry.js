// Runs a registry for packages on loopback: it serves the given tarballs, and records the requests.
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');

const digest = (algorithm, encoding, bytes) => createHash(algorithm).update(bytes).digest(encoding);

/** Returns the document about a package with one version. */
const packument = (origin, { manifest, bytes }) => {
    const { name, version } = manifest;
    const dist = {
        tarball: `${origin}/${name}/-/${name.split('/').pop()}-${version}.tgz`,
        shasum: digest('sha1', 'hex', bytes),
        integrity: `sha512-${digest('sha512', 'base64', bytes)}`,
    };
    return {
        name,
        'dist-tags': { latest: version },
        'versions': { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
        // Package managers may refuse a version that is minutes old.
        'time': {
            created: '2026-01-01T00:00:00.000Z',
            modified: '2026-01-01T00:00:00.000Z',
            [version]: '2026-01-01T00:00:00.000Z',
        },
    };
};

/**
 * Starts it. `packages`: { manifest, file } of each. Returns { origin, asked, fetched, close }: `asked` holds the names
 * of all requested packages, `fetched` of those whose tarball was requested; the caller may clear both.
 */
exports.start = async (packages) => {
    const known = new Map(
        packages.map(({ manifest, file }) => [manifest.name, { manifest, bytes: readFileSync(file) }]),
    );
    const asked = new Set();
    const fetched = new Set();
    const server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname).slice(1);
        const [name, tarball] = path.split('/-/');
        const found = known.get(name);
        asked.add(name);
        if (found === undefined) {
            response.writeHead(404, { 'content-type': 'application/json' }).end('{ "error": "Not found" }');
        } else if (tarball === undefined) {
            response
                .writeHead(200, { 'content-type': 'application/json' })
                .end(JSON.stringify(packument(origin, found)));
        } else {
            fetched.add(name);
            response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.bytes);
        }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${server.address().port}`;
    return { origin, asked, fetched, close: () => server.close() };
};
