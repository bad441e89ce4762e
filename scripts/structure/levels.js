// Reads the declared levels of modules: lines `<folder> <level>: <names>` in the comment of src/lewd.c, lowest first.
'use strict';

const { folderOf } = require('./graph.js');

/** Returns the levels of each folder that has some: arrays of modules by level. Throws if a level is out of order. */
exports.read = (unity) => {
    const levels = {};
    for (const [line, folder, level, names] of unity.matchAll(/^ \* +(core|addon) (\d+): +(.*)$/gm)) {
        const own = (levels[folder] ??= []);
        if (Number(level) !== own.length)
            throw new Error(`src/lewd.c: level ${own.length} of ${folder} was expected: ${line}`);
        own.push(
            names
                .trim()
                .split(/,? +/)
                .map((name) => `${folder}/${name}`),
        );
    }
    return levels;
};

/** Returns the violations of a folder's levels by its graphs: modules without a level, edges that don't lead down. */
exports.faults = (folder, levels, { modules, includes, uses }) => {
    const levelOf = new Map(levels.flatMap((names, level) => names.map((name) => [name, level])));
    const found = [];
    const own = modules.filter((module) => folderOf(module) === folder);
    for (const module of own) if (!levelOf.has(module)) found.push(`src/lewd.c: ${module} has no level`);
    if (levels.flat().length !== levelOf.size) found.push(`src/lewd.c: a module of ${folder} has two levels`);
    for (const module of levelOf.keys())
        if (!own.includes(module)) found.push(`src/lewd.c: there is no module ${module}`);
    for (const [verb, { edges }] of Object.entries({ includes, uses })) {
        for (const [from, targets] of Object.entries(edges)) {
            for (const to of targets) {
                if (levelOf.get(from) > levelOf.get(to) || !levelOf.has(from) || !levelOf.has(to)) continue;
                found.push(`${from}, of level ${levelOf.get(from)}, ${verb} ${to}, of level ${levelOf.get(to)}`);
            }
        }
    }
    return found;
};
