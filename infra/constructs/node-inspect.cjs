/** Stands in a bundle for `object-inspect`, which `qs` loads for the words of one error: 19 kB of what Node does itself. */
module.exports = require('node:util').inspect;
