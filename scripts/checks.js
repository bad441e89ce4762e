// The table of checks. scripts/check.js runs them: `npm run check -- NAME …`. `npm run check -- --list` prints it.
// `.ci/run`, the workflows, `npm test`, `npm run lint`, `npm run proof` and `npm run release` run groups of it.
'use strict';

/** Lines by which tests state their counts. */
const COUNTS = /^ *\d+ (?:passing\b.*|passed, \d+ failed.*)$/gm;

/** Tests for another binary: addresses, errors, tokens, threads, migrations. */
const TELLING_TESTS = 'alloc allocator binding c events instances kinds lives pointers property tokens trim'.split(' ');

const PLATFORM = 'process.exitCode = process.platform ===';

/**
 * Tools that a check may need.
 *
 * - `probe`: the command that ends with 0 if the tool is there; a function gets the context (see `checks`).
 * - `packages`: the packages of Debian that bring it; VERSION stands for gcc's major version. Without them, a missing
 *   tool is not installed.
 * - `needs`: other tools without which this one is not installed.
 * - `isRequired`: a check that needs it fails where it is missing; others are left out.
 */
const tools = {
    'gcc': { probe: ['gcc', '--version'], packages: ['gcc'], isRequired: true },
    'make': { probe: ['make', '--version'], packages: ['make'], isRequired: true },
    'clang': { probe: ['clang', '--version'], packages: ['clang'] },
    'wasm-ld': { probe: ['wasm-ld', '--version'], packages: ['lld'] },
    'llvm-strip': { probe: ['llvm-strip', '--version'], packages: ['llvm'] },
    'clang-format': { probe: ['clang-format', '--version'], packages: ['clang-format'] },
    'clang-tidy': { probe: ['clang-tidy', '--version'], packages: ['clang-tidy'] },
    'cppcheck': { probe: ['cppcheck', '--version'], packages: ['cppcheck'] },
    'valgrind': { probe: ['valgrind', '--version'], packages: ['valgrind'] },
    'libFuzzer': {
        probe: ({ scratch }) => ['make', '-C', 'test/fuzz', `BUILD=${scratch}/probe-fuzz`, 'runtime'],
        packages: ['libclang-rt-dev'],
    },
    'gcc -m32': {
        probe: ({ scratch }) => [
            'sh',
            '-c',
            'echo "int main(void) { return 0; }" | gcc -m32 -x c -o "$0" - && "$0"',
            `${scratch}/probe-m32`,
        ],
        packages: ['gcc-VERSION-multilib'],
    },
    's390x': {
        probe: ['sh', '-c', 's390x-linux-gnu-gcc-$(gcc -dumpversion) --version && qemu-s390x-static --version'],
        packages: ['gcc-VERSION-s390x-linux-gnu', 'libc6-dev-s390x-cross', 'qemu-user-static'],
    },
    'linux': { probe: ['node', '-e', `${PLATFORM} 'linux' ? 0 : 1`] },
    'linux-x64': { probe: ['node', '-e', `${PLATFORM} 'linux' && process.arch === 'x64' ? 0 : 1`] },
    'aarch64-linux-gnu-gcc': {
        probe: ['aarch64-linux-gnu-gcc', '--version'],
        packages: ['gcc-aarch64-linux-gnu'],
        needs: ['linux-x64'],
    },
    'mingw-w64': {
        probe: ['x86_64-w64-mingw32-gcc', '--version'],
        packages: ['gcc-mingw-w64-x86-64'],
        needs: ['linux-x64'],
    },
    'musl-gcc': { probe: ['sh', '-c', 'command -v musl-gcc'], packages: ['musl-tools'], needs: ['linux-x64'] },
    'qemu-aarch64': {
        probe: ['qemu-aarch64-static', '--version'],
        packages: ['qemu-user-static'],
        needs: ['linux-x64'],
    },
    'wine': {
        probe: ['sh', '-c', '[ -d "${WINEPREFIX:-$HOME/.wine}" ] || command -v wine || [ -x /usr/lib/wine/wine64 ]'],
    },
};

const make = (folder, ...words) => ['make', '--no-print-directory', '-C', `test/${folder}`, ...words];
const core = (...words) => make('core', ...words);
const pureParts = (...words) => make('addon', ...words);
const mocha = (...words) => ['node', 'node_modules/mocha/bin/mocha.js', ...words];

const SANITIZE = 'SANITIZE=address,undefined';

/** Checks of the addon and of what it brings begin after these. */
const BUILT = ['install-test'];

/** Checks of the package as it is released begin after these. */
const RELEASED = [...BUILT, 'binaries'];

/**
 * All checks, in the order in which they begin.
 *
 * - `name`: the word by which it is chosen; `title`: a line for people.
 * - `command`: its words, or a function that returns them, of a context: `folder` is a folder for the check alone, not
 *   yet made; `scratch` is the one above it; `status` is a file with the state of the tree before the first check.
 *   Both folders are removed in the end. `node` stands for the Node.js that runs the checks.
 * - `env`: variables of the environment.
 * - `groups`: `ci` is all that `.ci/run` runs; `test`, `lint`, `release`, `proof` are what npm's scripts of these names
 *   run, `proof-quick` what `npm run proof -- --quick` runs.
 * - `seconds`: how long it takes on a machine of two idle cores.
 * - `needs`: tools without which it is left out; `uses`: tools without which a part of it is left out.
 * - `after`: checks that must have ended before it begins, if they are chosen too.
 * - `alone`: nothing runs beside it: all that stand above it have ended, none below it has begun.
 * - `copy`: it runs in a new copy of the tree; `in`: it runs there if there is one, else in the tree.
 *   One check at a time uses a copy.
 * - `result`: matches the lines that state the result; COUNTS if it is absent. A check that prints no such line has
 *   failed. null: it may print nothing.
 * - `counts`: 'last' if only the last line of counts counts, since it is the sum of the others.
 */
const checks = [
    {
        name: 'install-test',
        title: 'the command of the README: npm install-test',
        command: ['npm', 'install-test'],
        groups: ['ci'],
        seconds: 516,
        needs: ['gcc', 'make'],
        alone: true,
        counts: 'last',
    },
    {
        name: 'core',
        title: 'tests of the core',
        command: core(),
        groups: ['test', 'release', 'proof', 'proof-quick'],
        seconds: 10,
        needs: ['make'],
    },
    {
        name: 'pure-parts',
        title: 'tests of the addon’s pure parts',
        command: pureParts(),
        groups: ['test', 'release', 'proof', 'proof-quick'],
        seconds: 2,
        needs: ['make'],
    },
    {
        name: 'suite',
        title: 'tests of the package, with properties and hostile input',
        command: mocha(),
        groups: ['test', 'release', 'proof', 'proof-quick'],
        seconds: 465,
        after: BUILT,
        result: /^ *\d+ (?:passing.*|cases)$/gm,
    },
    {
        name: 'types',
        title: 'types',
        command: ['node', 'test/types'],
        groups: ['test', 'release', 'proof', 'proof-quick'],
        seconds: 4,
        after: BUILT,
    },
    {
        name: 'start',
        title: 'the command of the README: npm start',
        command: ['npm', 'start'],
        groups: ['ci'],
        seconds: 2,
        after: BUILT,
        result: /^All of it is true\.$/gm,
    },
    {
        name: 'suite-sanitized',
        title: 'tests of the package over an addon with sanitizers and assertions',
        command: ['node', 'test/sanitized'],
        groups: ['ci'],
        seconds: 507,
        needs: ['linux', 'gcc'],
        after: BUILT,
    },
    {
        name: 'eslint',
        title: 'rules for JavaScript',
        command: ['node', 'node_modules/eslint/bin/eslint.js', '.'],
        groups: ['lint', 'ci', 'release'],
        seconds: 8,
        after: BUILT,
        result: null,
    },
    {
        name: 'format',
        title: 'format of the sources',
        command: ['node', 'scripts/format.js'],
        groups: ['lint', 'ci', 'release'],
        seconds: 9,
        uses: ['clang-format'],
        after: BUILT,
        result: null,
    },
    {
        name: 'generated',
        title: 'generated files are up to date',
        command: ['node', 'scripts/generate.js', '--check'],
        groups: ['lint', 'ci', 'release'],
        seconds: 0,
        after: BUILT,
        result: null,
    },
    {
        name: 'structure',
        title: 'levels, includes, lengths of functions',
        command: ['node', 'scripts/structure', '--check'],
        groups: ['lint', 'ci', 'release'],
        seconds: 3,
        after: BUILT,
        result: null,
    },
    {
        name: 'workflows',
        title: 'workflows of .github',
        command: ['node', 'scripts/workflows.js'],
        groups: ['lint', 'ci', 'release'],
        seconds: 1,
        after: BUILT,
        result: null,
    },
    {
        name: 'size',
        title: 'size of the JavaScript',
        command: ['node', 'scripts/size.js'],
        groups: ['ci', 'release'],
        seconds: 0,
        after: BUILT,
        result: /^.* bytes gzipped .*$/gm,
    },
    {
        name: 'core-gcc',
        title: 'tests of the core, gcc, warnings are errors',
        command: ({ folder }) => core('CC=gcc', 'WERROR=1', `BUILD=${folder}`),
        groups: ['ci'],
        seconds: 10,
        needs: ['make', 'gcc'],
    },
    {
        name: 'core-clang',
        title: 'tests of the core, clang, warnings are errors',
        command: ({ folder }) => core('CC=clang', 'WERROR=1', `BUILD=${folder}`),
        groups: ['ci'],
        seconds: 11,
        needs: ['make', 'clang'],
    },
    {
        name: 'pure-parts-gcc',
        title: 'tests of the addon’s pure parts, gcc, warnings are errors',
        command: ({ folder }) => pureParts('CC=gcc', 'WERROR=1', `BUILD=${folder}`),
        groups: ['ci'],
        seconds: 1,
        needs: ['make', 'gcc'],
        after: BUILT,
    },
    {
        name: 'pure-parts-clang',
        title: 'tests of the addon’s pure parts, clang, warnings are errors',
        command: ({ folder }) => pureParts('CC=clang', 'WERROR=1', `BUILD=${folder}`),
        groups: ['ci'],
        seconds: 2,
        needs: ['make', 'clang'],
        after: BUILT,
    },
    {
        name: 'addon-gcc',
        title: 'the addon, gcc, warnings are errors; its exports',
        command: ['node', 'test/strict', 'gcc'],
        groups: ['ci'],
        seconds: 4,
        needs: ['gcc'],
        after: BUILT,
        result: /^exported: .*$/gm,
    },
    {
        name: 'addon-clang',
        title: 'the addon, clang, warnings are errors; its exports',
        command: ['node', 'test/strict', 'clang'],
        groups: ['ci'],
        seconds: 3,
        needs: ['clang'],
        after: BUILT,
        result: /^exported: .*$/gm,
    },
    {
        name: 'core-sanitized',
        title: 'tests of the core with sanitizers',
        command: ({ folder }) => core('CC=gcc', 'WERROR=1', SANITIZE, `BUILD=${folder}`),
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 19,
        needs: ['make', 'gcc'],
    },
    {
        name: 'core-32',
        title: 'tests of the core, 32 bits',
        command: ({ folder }) => core('CC=gcc', 'WERROR=1', 'M32=1', `BUILD=${folder}`),
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 10,
        needs: ['make', 'gcc', 'gcc -m32'],
    },
    {
        name: 'core-big-endian',
        title: 'tests of the core, big-endian, in an emulator',
        command: ({ folder }) => core('WERROR=1', `BUILD=${folder}`, 'big-endian'),
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 28,
        needs: ['make', 's390x'],
    },
    {
        name: 'core-memcheck',
        title: 'tests of the core under valgrind',
        command: ({ folder }) => core('WERROR=1', `BUILD=${folder}`, 'memcheck'),
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 70,
        needs: ['make', 'valgrind'],
    },
    {
        name: 'pure-parts-sanitized',
        title: 'tests of the addon’s pure parts with sanitizers',
        command: ({ folder }) => pureParts('CC=gcc', 'WERROR=1', SANITIZE, `BUILD=${folder}`),
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 2,
        needs: ['make', 'gcc'],
        after: BUILT,
    },
    {
        name: 'pure-parts-32',
        title: 'tests of the addon’s pure parts, 32 bits',
        command: ({ folder }) => pureParts('CC=gcc', 'WERROR=1', 'M32=1', `BUILD=${folder}`),
        groups: ['ci'],
        seconds: 2,
        needs: ['make', 'gcc', 'gcc -m32'],
        after: BUILT,
    },
    {
        name: 'faults',
        title: 'each request for memory and each call of Node-API fails once',
        command: ['node', '--expose-gc', 'test/faults'],
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 74,
        after: BUILT,
    },
    {
        name: 'leaks',
        title: 'leaks of 10 threads',
        command: ['node', 'test/leaks'],
        env: { THREADS: '10' },
        groups: ['ci'],
        seconds: 21,
        needs: ['linux'],
        after: BUILT,
    },
    {
        name: 'leaks-long',
        title: 'leaks of 40 threads',
        command: ['node', 'test/leaks'],
        groups: ['proof', 'proof-quick'],
        seconds: 30,
        needs: ['linux'],
        after: BUILT,
    },
    {
        name: 'coverage',
        title: 'lines and branches that the tests reach',
        command: ['node', 'scripts/coverage.js'],
        groups: ['proof', 'proof-quick'],
        seconds: 600,
        after: BUILT,
        result: /^.*\d+ of \d+ (?:lines|branches).*$/gm,
    },
    {
        name: 'reordered',
        title: 'tests over an addon whose published figures have another order',
        command: ['node', 'test/reordered', ...TELLING_TESTS],
        groups: ['ci'],
        seconds: 50,
        after: BUILT,
    },
    {
        name: 'shaking',
        title: 'bundlers drop unused code',
        command: ['node', 'test/shaking'],
        groups: ['ci', 'release'],
        seconds: 4,
        after: BUILT,
    },
    {
        name: 'fuzz-corpus',
        title: 'corpus of the core’s fuzzer, with sanitizers',
        command: ({ folder }) => make('fuzz', `BUILD=${folder}`, 'WERROR=1', 'corpus', 'CC=gcc', SANITIZE),
        groups: ['ci'],
        seconds: 4,
        needs: ['make', 'gcc'],
        result: /^\d+ inputs: \d+ passed, 0 failed$/gm,
    },
    {
        name: 'fuzz-core',
        title: 'fuzzer of the core, 20 seconds',
        command: ({ folder }) => make('fuzz', `BUILD=${folder}`, 'WERROR=1', 'run', 'SECONDS=20'),
        groups: ['ci'],
        seconds: 29,
        needs: ['make', 'clang', 'libFuzzer'],
        result: /^.*(?: cov: |executed_units).*$/gm,
    },
    {
        name: 'fuzz-core-minute',
        title: 'fuzzer of the core, a minute',
        command: make('fuzz', 'run', 'SECONDS=60'),
        groups: ['proof-quick'],
        seconds: 70,
        needs: ['make', 'clang', 'libFuzzer'],
        result: /^.*(?: cov: |executed_units).*$/gm,
    },
    {
        name: 'fuzz-core-hour',
        title: 'fuzzer of the core, an hour',
        command: make('fuzz', 'run', 'SECONDS=3600'),
        groups: ['proof'],
        seconds: 3610,
        needs: ['make', 'clang', 'libFuzzer'],
        result: /^.*(?: cov: |executed_units).*$/gm,
    },
    {
        name: 'fuzz',
        title: 'fuzzer of the package, 60,000 operations',
        command: ['node', 'test/fuzz-js', '--operations', '60000'],
        groups: ['ci'],
        seconds: 16,
        after: BUILT,
    },
    {
        name: 'fuzz-flags',
        title: 'fuzzer of the package over V8’s flags, 50,000 operations',
        command: ['node', 'test/fuzz-js', '--flags', 'all', '--operations', '50000'],
        groups: ['proof-quick'],
        seconds: 90,
        after: BUILT,
        result: /^ok .* operations.*$/gm,
    },
    {
        name: 'fuzz-long',
        title: 'fuzzer of the package over V8’s flags, 1,000,000 operations',
        command: ['node', 'test/fuzz-js', '--flags', 'all', '--operations', '1000000'],
        groups: ['proof'],
        seconds: 1500,
        after: BUILT,
        result: /^ok .* operations.*$/gm,
    },
    {
        name: 'mutants-core',
        title: 'planted faults are found by the tests of the core',
        command: core('mutate'),
        groups: ['proof'],
        seconds: 600,
        needs: ['make'],
        result: /^\d+ faults planted.*$/gm,
    },
    {
        name: 'mutants-pure-parts',
        title: 'planted faults are found by the tests of the addon’s pure parts',
        command: pureParts('mutate'),
        groups: ['proof'],
        seconds: 300,
        needs: ['make'],
        after: BUILT,
        result: /^\d+ faults planted.*$/gm,
    },
    {
        name: 'instructions',
        title: 'instructions of the core, counted by valgrind',
        command: ['node', 'scripts/instructions.js'],
        groups: ['ci'],
        seconds: 4,
        needs: ['valgrind'],
        result: /^\d+ live spans: .*$/gm,
    },
    {
        name: 'analysis',
        title: 'static analysis',
        command: ['node', 'scripts/analyze.js'],
        groups: ['ci', 'proof', 'proof-quick'],
        seconds: 53,
        uses: ['gcc', 'clang', 'clang-tidy', 'cppcheck'],
        after: BUILT,
        result: /^(?:[a-z-]+: .*|\d+ passed, .*)$/gm,
    },
    {
        name: 'creep',
        title: 'steady workloads, a hundredth of their operations',
        command: ['node', 'bench/creep', '--quick'],
        groups: ['ci', 'proof-quick'],
        seconds: 2,
        after: BUILT,
    },
    {
        name: 'creep-long',
        title: 'steady workloads',
        command: ['node', 'bench/creep'],
        groups: ['proof'],
        seconds: 180,
        after: BUILT,
    },
    {
        name: 'binaries',
        title: 'the module of examples/prng and the binaries of all platforms',
        command: ['sh', '-c', 'node examples/prng/build.js && node scripts/prebuild --all'],
        copy: 'released',
        groups: ['ci'],
        seconds: 22,
        uses: ['clang', 'wasm-ld', 'llvm-strip', 'aarch64-linux-gnu-gcc', 'mingw-w64'],
        after: BUILT,
        result: /^.*'prebuild'.*$/gm,
    },
    {
        name: 'surface-node-18',
        title: 'documented surface in Node.js 18',
        command: ['node', 'scripts/runtimes', 'linux-x64+18'],
        in: 'released',
        groups: ['ci'],
        seconds: 8,
        needs: ['linux-x64'],
        after: RELEASED,
    },
    {
        name: 'surface-node-26',
        title: 'documented surface in Node.js 26',
        command: ['node', 'scripts/runtimes', 'linux-x64+26'],
        in: 'released',
        groups: ['ci'],
        seconds: 8,
        needs: ['linux-x64'],
        after: RELEASED,
    },
    {
        name: 'surface-bun',
        title: 'documented surface in Bun, with glibc and musl',
        command: ['node', 'scripts/runtimes', 'bun'],
        in: 'released',
        groups: ['ci'],
        seconds: 7,
        needs: ['linux-x64'],
        uses: ['musl-gcc'],
        after: RELEASED,
    },
    {
        name: 'surface-deno',
        title: 'documented surface in Deno',
        command: ['node', 'scripts/runtimes', 'deno'],
        in: 'released',
        groups: ['ci'],
        seconds: 6,
        needs: ['linux-x64'],
        after: RELEASED,
    },
    {
        name: 'surface-arm64',
        title: 'documented surface on arm64, in an emulator',
        command: ['node', 'scripts/runtimes', 'arm64+22'],
        in: 'released',
        groups: ['ci'],
        seconds: 34,
        needs: ['linux-x64'],
        uses: ['aarch64-linux-gnu-gcc', 'qemu-aarch64'],
        after: RELEASED,
    },
    {
        name: 'surface-windows',
        title: 'documented surface on Windows, in Wine',
        command: ['node', 'scripts/runtimes', 'win32+22'],
        in: 'released',
        groups: ['ci'],
        seconds: 13,
        needs: ['linux-x64', 'wine'],
        after: RELEASED,
    },
    {
        name: 'macho',
        title: 'tests of the package over the binary for darwin-x64, by a loader',
        command: ['node', 'test/macho', ...TELLING_TESTS],
        groups: ['ci'],
        seconds: 50,
        needs: ['linux-x64', 'clang', 'wasm-ld', 'llvm-strip'],
        after: BUILT,
    },
    {
        name: 'prebuildify',
        title: 'binaries by prebuildify',
        command: ['node', 'scripts/prebuild/prebuildify.js'],
        groups: ['ci'],
        seconds: 9,
        uses: ['aarch64-linux-gnu-gcc'],
        after: BUILT,
        result: /^.*'(?:linux|darwin|win32)-\w+'.*$/gm,
    },
    {
        name: 'packed',
        title: 'packed, installed without a compiler, loaded by Node.js 18 and 26',
        command: ['node', 'test/packed', '18', '26'],
        in: 'released',
        groups: ['ci', 'release'],
        seconds: 27,
        after: RELEASED,
    },
    {
        name: 'installs',
        title: 'installed by package managers',
        command: ['node', 'test/installs'],
        in: 'released',
        groups: ['ci'],
        seconds: 161,
        after: RELEASED,
    },
    {
        name: 'neighbours',
        title: 'loaded beside other addons',
        command: ['node', 'test/neighbours', '20', '26', 'bun', 'deno'],
        in: 'released',
        groups: ['ci'],
        seconds: 41,
        needs: ['linux'],
        after: RELEASED,
    },
    {
        name: 'bundles',
        title: 'bundled beside other addons',
        command: ['node', 'test/bundles'],
        in: 'released',
        groups: ['ci'],
        seconds: 41,
        needs: ['linux'],
        after: RELEASED,
    },
    {
        name: 'pages',
        title: 'code of the documentation',
        command: ['node', 'test/pages'],
        in: 'released',
        groups: ['ci', 'release'],
        seconds: 115,
        after: RELEASED,
    },
    {
        name: 'tree',
        title: 'the checks changed nothing that git sees',
        command: ({ status }) => ['sh', '-c', 'git status --porcelain | diff "$0" - && echo unchanged', status],
        groups: ['ci'],
        seconds: 0,
        alone: true,
        result: /^unchanged$/gm,
    },
];

module.exports = { COUNTS, checks, tools };
