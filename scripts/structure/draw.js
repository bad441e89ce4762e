// Draws a graph of modules: a row of boxes for each level, the highest on top, and arrows down. Leaves out edges that
// follow from others. Circles are red. Colours are legible on white and on black.
'use strict';

const { folderOf } = require('./graph.js');

const FONT = 'font-family="system-ui, sans-serif"';
const [INK, CORE, CIRCLE] = ['#8a8f98', '#3b82c4', '#d0574a'];
const [WIDTH, HEIGHT, GAP, STEP, MARGIN] = [92, 26, 14, 84, 24];

/** Returns the modules that can be reached from a module, without itself. */
const reachOf = (edges, module) => {
    const found = new Set();
    const visit = (from) => {
        for (const to of edges[from] ?? []) {
            if (found.has(to)) continue;
            found.add(to);
            visit(to);
        }
    };
    visit(module);
    return found;
};

/**
 * Returns the edges that are drawn, { from, to, isCircular }: those of circles, and those that no longer path replaces.
 */
const drawnOf = ({ edges, circles }) => {
    const reach = Object.fromEntries(Object.keys(edges).map((from) => [from, reachOf(edges, from)]));
    const inCircle = (from, to) => circles.some((members) => members.includes(from) && members.includes(to));
    return Object.entries(edges).flatMap(([from, targets]) =>
        [...targets]
            .map((to) => ({ from, to, isCircular: inCircle(from, to) }))
            .filter(
                ({ to, isCircular }) =>
                    isCircular ||
                    ![...targets].some(
                        (by) => by !== to && !inCircle(from, by) && !inCircle(by, to) && reach[by]?.has(to),
                    ),
            ),
    );
};

const isCore = (module) => folderOf(module) === 'core';

/**
 * Returns the centre of each box, { x, y }, by module. Sorts each row a few times by the positions of neighbours, with
 * the core on the right.
 */
const placesOf = (levels, drawn) => {
    const rows = [];
    for (const module of Object.keys(levels).sort()) (rows[levels[module]] ??= []).push(module);
    const width = Math.max(...rows.map((row) => row.length)) * (WIDTH + GAP);
    const at = {};
    const lay = (row, level) =>
        row.forEach((module, index) => {
            const indent = (width - row.length * (WIDTH + GAP)) / 2;
            at[module] = {
                x: MARGIN + indent + (index + 0.5) * (WIDTH + GAP),
                y: MARGIN + HEIGHT + (rows.length - 1 - level) * STEP,
            };
        });
    rows.forEach(lay);
    for (let round = 0; round < 8; round++) {
        for (const [level, row] of [...rows.entries()].reverse()) {
            const wished = (module) => {
                const near = drawn
                    .filter(({ from, to }) => from === module || to === module)
                    .map(({ from, to }) => at[from === module ? to : from].x);
                return near.length === 0 ? at[module].x : near.reduce((sum, x) => sum + x, 0) / near.length;
            };
            const wishes = new Map(row.map((module) => [module, wished(module)]));
            lay(
                row.sort(
                    (one, other) =>
                        isCore(one) - isCore(other) || wishes.get(one) - wishes.get(other) || (one < other ? -1 : 1),
                ),
                level,
            );
        }
    }
    return { at, size: [width + 2 * MARGIN, rows.length * STEP + MARGIN] };
};

const boxOf = (module, { x, y }, isCircular) => {
    const colour = isCircular ? CIRCLE : isCore(module) ? CORE : INK;
    return [
        `<rect x="${x - WIDTH / 2}" y="${y - HEIGHT / 2}" width="${WIDTH}" height="${HEIGHT}" rx="3" ` +
            `fill="none" stroke="${colour}"/>`,
        `<text x="${x}" y="${y + 4}" ${FONT} font-size="12" fill="${colour}" text-anchor="middle">` +
            `${module.replace(/^.*\//, '')}</text>`,
    ];
};

const arrowOf = ({ from, to, isCircular }, at) => {
    const [{ x: x1, y: y1 }, { x: x2, y: y2 }] = [at[from], at[to]];
    const half = HEIGHT / 2;
    // Within a row the arrow is bowed over the boxes; a longer one is bowed further.
    const bow = Math.min(0.8 * STEP, 12 + Math.abs(x2 - x1) / 9);
    const path =
        y1 === y2
            ? `M${x1} ${y1 - half}C${x1} ${y1 - half - bow} ${x2} ${y1 - half - bow} ${x2} ${y2 - half}`
            : `M${x1} ${y1 + half}C${x1} ${y1 + STEP / 2} ${x2} ${y2 - STEP / 2} ${x2} ${y2 - half}`;
    const [colour, head] = isCircular ? [CIRCLE, 'circle'] : [INK, 'plain'];
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-opacity="0.8" marker-end="url(#${head})"/>`;
};

const markerOf = (id, colour) =>
    `<marker id="${id}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" ` +
    `orient="auto"><path d="M0 0L8 4L0 8z" fill="${colour}"/></marker>`;

/** Returns the picture of a graph, as SVG. */
exports.draw = (graph, title) => {
    const drawn = drawnOf(graph);
    const { at, size } = placesOf(graph.levels, drawn);
    const circular = new Set(graph.circles.flat());
    const [width, height] = size;
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
            `width="${width}" height="${height}" role="img">`,
        `<title>${title}</title>`,
        `<defs>${markerOf('plain', INK)}${markerOf('circle', CIRCLE)}</defs>`,
        ...drawn.map((edge) => arrowOf(edge, at)),
        ...Object.keys(at)
            .sort()
            .flatMap((module) => boxOf(module, at[module], circular.has(module))),
        '</svg>',
        '',
    ].join('\n');
};
