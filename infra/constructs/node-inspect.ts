/**
 * Stands in a bundle for `object-inspect`, which `qs` loads for the words of one error: 19 kB of what Node does itself.
 * Under this name it is what the CommonJS `require` of it gives.
 */
export { inspect as 'module.exports' } from 'node:util';
