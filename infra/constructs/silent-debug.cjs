/** Stands in a bundle for `debug`, through which `ebay-api` would print requests with their access tokens. */
module.exports = () => () => {};
