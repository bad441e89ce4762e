'use strict';

// Measures the cost of idle allocators to a busy one in the same thread: the life of a token allocation in the latter.

const { join } = require('node:path');
const { start } = require('../lib/child.js');
const { spread, summary } = require('../lib/statistics.js');

const SCRIPT = join(__dirname, '../contenders/allocators.js');
const SCALES = {
    quick: { idle: [0, 99], rounds: 5, count: 3e5 },
    full: { idle: [0, 99, 9_999], rounds: 9, count: 1e6 },
};
const TOKENS = [0, 1];
const MODES = { turns: 'an event loop turn every 1,024', synchronous: 'in a synchronous loop' };

/**
 * All combinations of idle allocators and tokens; without idle allocators, the number of their tokens has no meaning.
 */
const companies = (idle) =>
    idle.flatMap((allocators) => (allocators === 0 ? [0] : TOKENS).map((tokensEach) => ({ allocators, tokensEach })));

async function measure({ idle, rounds, count }, progress) {
    const children = companies(idle).map((company) => ({
        ...company,
        child: start(SCRIPT),
        turns: [],
        synchronous: [],
    }));
    try {
        for (const { child, allocators, tokensEach } of children) {
            progress(`making ${allocators} idle allocators`);
            await child.ask('prepare', { allocators, tokensEach, count });
        }
        for (const mode of Object.keys(MODES))
            for (let round = 1; round <= rounds; round++) {
                progress(`${MODES[mode]}: round ${round} of ${rounds}`);
                for (const one of children) one[mode].push(await one.child.ask(mode, { count }));
            }
        return children;
    } finally {
        children.forEach(({ child }) => child.stop());
    }
}

exports.about = 'life of a token allocation beside idle allocators';

exports.run = async ({ mode, progress }) => {
    const measured = await measure(SCALES[mode] ?? SCALES.full, progress);
    const data = measured.map(({ allocators, tokensEach, ...samples }) => ({
        allocators,
        tokensEach,
        ...Object.fromEntries(Object.keys(MODES).map((key) => [key, summary(samples[key].map(({ cpu }) => cpu))])),
    }));
    return {
        data,
        tables: [
            {
                title: "Life of a token allocation beside idle allocators: processors' ns, median (least; quartiles)",
                columns: ['idle allocators', 'live tokens in each', ...Object.values(MODES)],
                rows: data.map(({ allocators, tokensEach, turns, synchronous }) => [
                    allocators.toLocaleString('en'),
                    String(tokensEach),
                    spread(turns),
                    spread(synchronous),
                ]),
                notes: ['The busy allocator has 10,000 live tokens, replaced at random.'],
            },
        ],
    };
};
