'use strict';

// Child process of the suite `server`: runs the server of examples/server under its load.

const { measure } = require('../../examples/server/measure.js');
const { serve } = require('../lib/child.js');

serve({
    measure: ({ seconds }) => measure(seconds),
});
