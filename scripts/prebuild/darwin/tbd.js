// Writes the description of macOS's C library that a linker needs, in the form of Apple's text-based stubs: the path of
// the library, and its functions. Lists those that a binary may import. The linker leaves others to be looked up when
// the binary is loaded, and the inspector refuses them.
'use strict';

const { allowedFunctions } = require('../imports.js');

/** Returns the linker's name of a function of C; dyld's own one has no underscore before it. */
const symbol = (name) => (name === 'dyld_stub_binder' ? name : `_${name}`);

exports.tbd = () => `--- !tapi-tbd
tbd-version: 4
targets: [ x86_64-macos, arm64-macos ]
install-name: /usr/lib/libSystem.B.dylib
exports:
  - targets: [ x86_64-macos, arm64-macos ]
    symbols: [ ${[...allowedFunctions('darwin-x64', 'prebuild')].map(symbol).join(', ')} ]
...
`;
