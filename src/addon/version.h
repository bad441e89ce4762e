/*
 * version.h: the name and the version that the addon exports.
 *
 * lib/internal/binding.js compares them with its own before it uses a binary. `npm run release` sets the version in
 * both files and in package.json; a test checks that the three agree.
 */
#ifndef LEWD_VERSION_H
#define LEWD_VERSION_H

#define LEWD_PACKAGE "@anireact/lewd"
#define LEWD_VERSION "0.1.0"

#endif
