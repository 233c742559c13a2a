/** Stands in a bundle for `brotli`, which unpacks WOFF2 fonts (half a megabyte): the fonts beside the bundle are TTF. */
module.exports = () => {
  throw new Error('no WOFF2 fonts are read here');
};
